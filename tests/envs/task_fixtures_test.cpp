// Layouts, scores and jitter against the original's.
#include <cmath>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/task.h"
#include "tests/envs/magical_fixtures.h"
#include "tests/support/fixtures.h"

namespace mint::tests {
namespace {

using envs::Pose;
using envs::Scene;
using envs::State;

constexpr double kExact = 1.001e-6;  // the fixtures are rounded to six decimals

void expect_pose(const Pose& actual, const Pose& expected, const std::string& what) {
  EXPECT_NEAR(actual.x, expected.x, kExact) << what;
  EXPECT_NEAR(actual.y, expected.y, kExact) << what;
  EXPECT_NEAR(actual.angle, expected.angle, kExact) << what;
}

void note_skipped(const std::string& task) {
  std::cout << "  skipped: " << task << " is no task of this build\n";
}

TEST(TaskFixtures, DemoLayoutsAreTheOriginals) {
  MINT_FIXTURES(folder, "magical");
  size_t cases = 0;

  const auto document = read_json(folder / "demo_layouts.json");
  for (const auto& [task, layout] : document.at("tasks").items()) {
    if (!is_known_task(task)) {
      note_skipped(task);
      continue;
    }
    ++cases;
    const Scene expected = scene_from(task, layout.at("state"), layout.at("roles"));
    const State expected_state = state_from(expected, layout.at("state"));
    const Scene scene = envs::sample_scene(task, "Demo", 0);
    const State state = envs::initial_state(scene);
    EXPECT_EQ(envs::find_task(task).episode_length, layout.at("episode_length")) << task;
    EXPECT_EQ(envs::parse_env_name(layout.at("env_name")).task, task);
    expect_pose(state.robot.pose, expected_state.robot.pose, task + " robot");
    for (int side = 0; side < 2; ++side) {
      expect_pose(state.fingers[side].pose, expected_state.fingers[side].pose, task + " finger");
      EXPECT_NEAR(state.eye_angles[side], expected_state.eye_angles[side], kExact) << task;
    }
    ASSERT_EQ(scene.blocks.size(), expected.blocks.size()) << task;
    for (size_t i = 0; i < scene.blocks.size(); ++i) {
      EXPECT_EQ(scene.blocks[i].shape, expected.blocks[i].shape) << task << " block " << i;
      EXPECT_EQ(scene.blocks[i].colour, expected.blocks[i].colour) << task << " block " << i;
      expect_pose(scene.blocks[i].pose, expected.blocks[i].pose, task + " block");
    }
    ASSERT_EQ(scene.regions.size(), expected.regions.size()) << task;
    for (size_t i = 0; i < scene.regions.size(); ++i) {
      EXPECT_EQ(scene.regions[i].colour, expected.regions[i].colour) << task << " region " << i;
      EXPECT_NEAR(scene.regions[i].x, expected.regions[i].x, kExact) << task << " region " << i;
      EXPECT_NEAR(scene.regions[i].y, expected.regions[i].y, kExact) << task << " region " << i;
      EXPECT_NEAR(scene.regions[i].w, expected.regions[i].w, kExact) << task << " region " << i;
      EXPECT_NEAR(scene.regions[i].h, expected.regions[i].h, kExact) << task << " region " << i;
    }
    ASSERT_EQ(scene.draw_order.size(), expected.draw_order.size()) << task;
    for (size_t i = 0; i < scene.draw_order.size(); ++i) {
      EXPECT_EQ(scene.draw_order[i].kind, expected.draw_order[i].kind) << task << " entity " << i;
      EXPECT_EQ(scene.draw_order[i].index, expected.draw_order[i].index) << task << " entity " << i;
    }
    EXPECT_NEAR(envs::score(scene, state), layout.at("initial_score").get<double>(), 1e-6) << task;
  }

  report_cases("Demo layouts", cases);
}

TEST(TaskFixtures, ScoresAreTheOriginals) {
  MINT_FIXTURES(folder, "magical");
  size_t cases = 0;

  for (const auto& file : files_in(folder / "scoring", ".json")) {
    const auto document = read_json(file);
    const std::string task = document.at("task");
    if (!is_known_task(task)) {
      note_skipped(task);
      continue;
    }
    for (const auto& c : document.at("cases")) {
      ++cases;
      const Scene scene = scene_from(task, c.at("state"), c.at("roles"));
      const State state = state_from(scene, c.at("state"));
      EXPECT_NEAR(envs::score(scene, state), c.at("score").get<double>(), 1e-6)
          << file.filename() << " case " << c.at("id");
    }
  }

  report_cases("scores", cases);
}

// Every number that TestJitter draws, in one order for scenes and fixtures.
std::vector<double> coordinates(const Scene& scene) {
  std::vector<double> row = {scene.robot.x, scene.robot.y, scene.robot.angle};
  for (const envs::Region& r : scene.regions) {
    row.insert(row.end(), {r.x + r.w / 2, r.y - r.h / 2, r.w, r.h});
  }
  for (const envs::Block& b : scene.blocks) {
    row.insert(row.end(), {b.pose.x, b.pose.y, b.pose.angle});
  }
  return row;
}

std::vector<double> coordinates(const nlohmann::json& state) {
  std::vector<double> row = state.at("robot").get<std::vector<double>>();
  for (const auto& r : state.at("regions")) {
    const double x = r.at(0), y = r.at(1), w = r.at(2), h = r.at(3);
    row.insert(row.end(), {x + w / 2, y - h / 2, w, h});
  }
  for (const auto& b : state.at("blocks")) {
    const auto pose = b.get<std::vector<double>>();
    row.insert(row.end(), pose.begin(), pose.end());
  }
  return row;
}

struct Moments {
  double mean = 0;
  double deviation = 0;  // standard, with n - 1
};

Moments moments(const std::vector<std::vector<double>>& rows, size_t column) {
  Moments m;
  for (const auto& row : rows) m.mean += row.at(column) / static_cast<double>(rows.size());
  for (const auto& row : rows) m.deviation += std::pow(row.at(column) - m.mean, 2);
  m.deviation = std::sqrt(m.deviation / static_cast<double>(rows.size() - 1));
  return m;
}

TEST(TaskFixtures, JitterIsDistributedAsInTheOriginal) {
  MINT_FIXTURES(folder, "magical");
  size_t cases = 0;

  const auto document = read_json(folder / "jitter.json");
  for (const auto& [task, states] : document.at("tasks").items()) {
    if (!is_known_task(task)) {
      note_skipped(task);
      continue;
    }
    std::vector<std::vector<double>> theirs;
    for (const auto& state : states) theirs.push_back(coordinates(state));
    std::vector<std::vector<double>> ours;
    for (uint64_t seed = 0; seed < 500; ++seed) {
      ours.push_back(coordinates(envs::sample_scene(task, "TestJitter", seed)));
    }
    cases += theirs.size();
    ASSERT_EQ(ours[0].size(), theirs[0].size()) << task;
    for (size_t i = 0; i < ours[0].size(); ++i) {
      const Moments a = moments(ours, i);
      const Moments b = moments(theirs, i);
      const double n = static_cast<double>(theirs.size());
      const double error = b.deviation * std::sqrt(1 / n + 1 / 500.0);
      EXPECT_LT(std::abs(a.mean - b.mean), 4 * error) << task << " coordinate " << i;
      EXPECT_GT(a.deviation / b.deviation, 0.7) << task << " coordinate " << i;
      EXPECT_LT(a.deviation / b.deviation, 1.4) << task << " coordinate " << i;
    }
  }

  report_cases("jittered states", cases);
}

// Ours and theirs alike. Blocks that belong in regions (FindDupe's query, FixColour's) are near
// their region's centre instead.
TEST(TaskFixtures, JitterStaysWithinItsBounds) {
  MINT_FIXTURES(folder, "magical");
  const auto is_bound = [](const std::string& task, const Scene& demo, size_t block) {
    return task == "FixColour" || (task == "FindDupe" && block + 1 == demo.blocks.size());
  };
  const auto check = [&](const std::string& task, const Scene& demo, std::vector<double> row) {
    const std::vector<double> nominal = coordinates(demo);
    size_t i = 0;
    const auto expect_within = [&](double limit) {
      EXPECT_NEAR(row.at(i), nominal.at(i), limit + 1e-6) << task << " coordinate " << i;
      ++i;
    };
    const double position = 0.025, rotation = 0.05 * M_PI, size = 0.0075;
    for (const double limit : {position, position, rotation}) expect_within(limit);
    for (size_t r = 0; r < demo.regions.size(); ++r) {
      // The size changes about the top-left corner before the centre moves.
      for (const double limit : {position + size / 2, position + size / 2, size, size}) {
        expect_within(limit);
      }
    }
    for (size_t b = 0; b < demo.blocks.size(); ++b) {
      if (is_bound(task, demo, b)) {
        i += 3;
        continue;
      }
      for (const double limit : {position, position, rotation}) expect_within(limit);
    }
  };

  const auto document = read_json(folder / "jitter.json");
  for (const auto& [task, states] : document.at("tasks").items()) {
    if (!is_known_task(task)) continue;
    const Scene demo = envs::sample_scene(task, "Demo", 0);
    for (const auto& state : states) check(task, demo, coordinates(state));
    for (uint64_t seed = 0; seed < 500; ++seed) {
      check(task, demo, coordinates(envs::sample_scene(task, "TestJitter", seed)));
    }
  }
}

}  // namespace
}  // namespace mint::tests
