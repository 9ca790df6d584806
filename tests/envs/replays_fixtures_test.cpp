// World against replays of human demonstrations in the original. Its contacts are chaotic, so
// trajectories are compared before the first contact and over short windows, whole replays by
// their scores.
#include <cmath>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/random.h"
#include "envs/robot_geometry.h"
#include "envs/task.h"
#include "envs/world.h"
#include "tests/envs/magical_fixtures.h"
#include "tests/support/fidelity_table.h"
#include "tests/support/fixtures.h"
#include "training/magical_import.h"

namespace mint::tests {
namespace {

using envs::Scene;
using envs::State;
using envs::World;

struct Replay {
  std::string name;
  Scene scene;
  std::vector<int> actions;
  std::vector<State> frames;  // row 0 = initial
  size_t first_block_motion = 0;
  std::vector<double> spread;  // of the robot's position, per frame
  std::vector<double> disturbed_scores;
};

std::vector<Replay> replays(const std::filesystem::path& folder) {
  std::vector<Replay> result;
  for (const auto& file : files_in(folder / "replays", ".json.gz")) {
    const auto document = read_json(file);
    const std::string task = document.at("task");
    for (const auto& r : document.at("replays")) {
      Replay replay;
      replay.name = r.at("demo");
      replay.scene = envs::sample_scene(task, "Demo", 0);
      replay.actions = r.at("actions").get<std::vector<int>>();
      replay.frames = trace_from(document.at("columns"), r.at("frames"));
      const auto& motion = r.at("first_block_motion");
      replay.first_block_motion = motion.is_number() ? motion.get<size_t>() : replay.frames.size();
      replay.spread = r.at("spread").at("robot_pos").at("max").get<std::vector<double>>();
      replay.disturbed_scores = r.at("disturbed_scores").get<std::vector<double>>();
      result.push_back(replay);
    }
  }
  return result;
}

// Whether the robot touches a wall or is about to: from then on it no longer drives freely.
bool is_at_wall(const State& state) {
  constexpr double kMargin = 0.995;
  const envs::Pose& body = state.robot.pose;
  double reach = std::max(std::abs(body.x), std::abs(body.y)) + envs::kRobotRadius;
  for (const int side : {envs::kLeft, envs::kRight}) {
    for (const envs::Polygon& quad : envs::finger_outer(side)) {
      for (const envs::Vec2& v : envs::to_world(state.fingers[side].pose, quad)) {
        reach = std::max({reach, std::abs(v.x), std::abs(v.y)});
      }
    }
  }
  return reach > kMargin;
}

TEST(ReplayFixtures, DrivesAsTheOriginalUntilItTouchesSomething) {
  MINT_FIXTURES(folder, "magical");
  const auto all = replays(folder);
  report_cases("replays", all.size());
  size_t frames = 0;

  for (const Replay& replay : all) {
    World world(replay.scene);
    world.restore(replay.frames[0]);
    for (size_t k = 1; k < replay.frames.size() && k < replay.first_block_motion; ++k) {
      if (is_at_wall(replay.frames[k])) break;
      ++frames;
      world.step(replay.actions[k - 1]);
      const envs::Pose ours = world.state().robot.pose;
      const envs::Pose theirs = replay.frames[k].robot.pose;
      EXPECT_LE(distance(ours, theirs), 0.005 + 3 * replay.spread[k])
          << replay.name << " frame " << k;
      EXPECT_LE(std::abs(ours.angle - theirs.angle), 0.03) << replay.name << " frame " << k;
    }
  }

  std::cout << "  compared " << frames << " frames of free driving\n";
  EXPECT_GT(frames, all.size());
}

double farthest_block(const State& a, const State& b) {
  double farthest = 0;
  for (size_t i = 0; i < a.blocks.size(); ++i) {
    farthest = std::max(farthest, distance(a.blocks[i].pose, b.blocks[i].pose));
  }
  return farthest;
}

// Distances to the original after one and after five steps.
struct Windows {
  std::vector<double> robot_1, robot_5, block_1, block_5;
};

void add(Windows& windows, size_t step, const State& ours, const State& theirs) {
  const double robot = distance(ours.robot.pose, theirs.robot.pose);
  (step == 1 ? windows.robot_1 : windows.robot_5).push_back(robot);
  if (ours.blocks.empty()) return;
  (step == 1 ? windows.block_1 : windows.block_5).push_back(farthest_block(ours, theirs));
}

std::string median_and_ninety(const std::vector<double>& distances) {
  return with_digits(quantile(distances, 0.5), 4) + "/" + with_digits(quantile(distances, 0.9), 4);
}

void record(const std::string& row, const Windows& windows) {
  std::string text = "robot " + median_and_ninety(windows.robot_5);
  if (!windows.block_5.empty()) text += ", block " + median_and_ninety(windows.block_5);
  record_fidelity(row, FidelityColumn::kWindows, text);
}

void expect_near(const char* what, const std::vector<double>& distances, double median,
                 double ninety) {
  std::cout << "  " << what << ": " << median_and_ninety(distances) << "\n";
  EXPECT_LE(quantile(distances, 0.5), median) << what;
  EXPECT_LE(quantile(distances, 0.9), ninety) << what;
}

// Start in every fifth recorded row, apply the next five recorded actions.
TEST(ReplayFixtures, FollowsTheOriginalOverShortWindows) {
  MINT_FIXTURES(folder, "magical");
  constexpr size_t kWindow = 5;
  std::map<std::string, Windows> tasks;
  Windows all;

  for (const Replay& replay : replays(folder)) {
    World world(replay.scene);
    Windows& task = tasks[replay.scene.task];
    for (size_t k = 0; k + kWindow < replay.frames.size(); k += kWindow) {
      world.restore(replay.frames[k]);
      for (size_t i = 1; i <= kWindow; ++i) {
        world.step(replay.actions[k + i - 1]);
        if (i > 1 && i < kWindow) continue;
        add(task, i, world.state(), replay.frames[k + i]);
        add(all, i, world.state(), replay.frames[k + i]);
      }
    }
  }

  for (const auto& [task, windows] : tasks) record(task, windows);
  report_cases("windows", all.robot_1.size());
  record("all tasks", all);
  expect_near("robot, 1 step", all.robot_1, 0.001, 0.006);
  expect_near("robot, 5 steps", all.robot_5, 0.005, 0.03);
  expect_near("block, 1 step", all.block_1, 0.005, 0.01);
  expect_near("block, 5 steps", all.block_5, 0.008, 0.035);
}

State disturbed(State state, envs::Random& random) {
  const auto disturb = [&](envs::BodyState& body) {
    constexpr double kSize = 1e-4;
    body.pose.x += random.uniform(-kSize, kSize);
    body.pose.y += random.uniform(-kSize, kSize);
    body.pose.angle += random.uniform(-kSize, kSize);
  };
  disturb(state.robot);
  for (envs::BodyState& block : state.blocks) disturb(block);
  return state;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

// Eight disturbed replays of each demonstration: scores as in the original.
TEST(ReplayFixtures, DisturbedReplaysScoreAsInTheOriginal) {
  MINT_FIXTURES(folder, "magical");
  std::map<std::string, std::vector<double>> ours;
  std::map<std::string, std::vector<double>> theirs;
  envs::Random random(1);

  for (const Replay& replay : replays(folder)) {
    auto& scores = theirs[replay.scene.task];
    scores.insert(scores.end(), replay.disturbed_scores.begin(), replay.disturbed_scores.end());
    for (int i = 0; i < 8; ++i) {
      World world(replay.scene);
      world.restore(disturbed(replay.frames[0], random));
      for (const int action : replay.actions) world.step(action);
      ours[replay.scene.task].push_back(envs::score(replay.scene, world.state()));
    }
  }

  report_cases("tasks with replays", ours.size());
  for (const auto& [task, scores] : ours) {
    const bool is_easy = task == "MoveToRegion" || task == "FixColour";
    record_fidelity(task, FidelityColumn::kDisturbed,
                    with_digits(mean(scores), 2) + "/" + with_digits(mean(theirs.at(task)), 2));
    EXPECT_NEAR(mean(scores), mean(theirs.at(task)), 0.2) << task;
    EXPECT_GE(mean(scores), is_easy ? 0.98 : 0) << task;
  }
}

// Tasks whose human demonstrations reach 1.0 when their actions are played without looking, and the
// fraction that must. In the longer tasks the original itself does not reproduce its recordings.
struct Demonstrations {
  std::string task;
  std::string folder;
  double least = 1;
};
const std::vector<Demonstrations> kDemonstrations = {{"MoveToRegion", "move-to-region", 1},
                                                     {"MoveToCorner", "move-to-corner", 22.0 / 25},
                                                     {"FindDupe", "find-dupe", 4.0 / 5},
                                                     {"FixColour", "fix-colour", 1}};

TEST(ReplayFixtures, OpenLoopReplaysOfHumanDemonstrationsReachTheGoal) {
  const auto folder = shared_folder() / "demos";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no demonstrations at " << folder;

  for (const auto& [task, name, least] : kDemonstrations) {
    const auto files = files_in(folder / name, ".pkl.gz");
    size_t solved = 0;
    for (const auto& file : files) {
      const auto episode = training::read_magical_demonstration(file);
      EXPECT_EQ(envs::parse_env_name(episode.env_name).task, task) << file;
      const Scene scene = envs::sample_scene(task, "Demo", 0);
      World world(scene);
      for (const int action : episode.actions) world.step(action);
      const double score = envs::score(scene, world.state());
      solved += score == 1;
      if (score < 1) std::cout << "  " << file.filename() << " scores " << score << "\n";
    }
    record_fidelity(task, FidelityColumn::kReplays,
                    std::to_string(solved) + "/" + std::to_string(files.size()));
    report_cases("demonstrations of " + task, files.size());
    EXPECT_GE(static_cast<double>(solved), least * static_cast<double>(files.size())) << task;
  }
}

}  // namespace
}  // namespace mint::tests
