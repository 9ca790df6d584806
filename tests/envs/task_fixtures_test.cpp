// Layouts, scores and roles against the original's.
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/task.h"
#include "tests/envs/magical_fixtures.h"
#include "tests/support/fidelity_table.h"
#include "tests/support/fixtures.h"

namespace mint::tests {
namespace {

using envs::Block;
using envs::Pose;
using envs::Scene;
using envs::State;

constexpr double kExact = 1.001e-6;  // the fixtures are rounded to six decimals

void expect_pose(const Pose& actual, const Pose& expected, const std::string& what) {
  EXPECT_NEAR(actual.x, expected.x, kExact) << what;
  EXPECT_NEAR(actual.y, expected.y, kExact) << what;
  EXPECT_NEAR(actual.angle, expected.angle, kExact) << what;
}

TEST(TaskFixtures, DemoLayoutsAreTheOriginals) {
  MINT_FIXTURES(folder, "magical");
  size_t cases = 0;

  const auto document = read_json(folder / "demo_layouts.json");
  for (const auto& [task, layout] : document.at("tasks").items()) {
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
  const auto cases = scoring_cases(folder);

  struct Count {
    size_t equal = 0;
    size_t total = 0;
  };
  std::map<std::string, Count> counts;

  for (const ScoringCase& c : cases) {
    const double score = envs::score(c.scene, c.state);
    EXPECT_NEAR(score, c.score, 1e-6) << c.task << " case " << c.id;
    for (const std::string& row : {c.task, std::string("all tasks")}) {
      ++counts[row].total;
      counts[row].equal += std::abs(score - c.score) <= 1e-6;
    }
  }

  for (const auto& [row, count] : counts) {
    record_fidelity(row, FidelityColumn::kScores,
                    std::to_string(count.equal) + "/" + std::to_string(count.total));
  }

  report_cases("scores", cases.size());
}

TEST(TaskFixtures, ScoresAtResetAreTheOriginals) {
  MINT_FIXTURES(folder, "magical");
  const auto states = variant_states(folder);

  for (const VariantState& s : states) {
    EXPECT_NEAR(envs::score(s.scene, envs::initial_state(s.scene)), s.initial_score, 1e-6)
        << s.task << "-" << s.variant;
  }

  report_cases("scores at reset", states.size());
}

std::vector<int> indices_where(const Scene& scene, const std::function<bool(const Block&)>& holds) {
  std::vector<int> indices;
  for (size_t i = 0; i < scene.blocks.size(); ++i) {
    if (holds(scene.blocks[i])) indices.push_back(static_cast<int>(i));
  }
  return indices;
}

// What the original says of the roles follows from shapes, colours and the order of blocks, as the
// scores and the layouts here assume.
TEST(TaskFixtures, RolesFollowFromTheBlocks) {
  MINT_FIXTURES(folder, "magical");
  const auto states = variant_states(folder);

  for (const VariantState& s : states) {
    const Scene& scene = s.scene;
    const std::string what = s.task + "-" + s.variant;
    if (s.task == "MatchRegions") {
      const auto wanted = [&](const Block& b) { return b.colour == scene.regions[0].colour; };
      EXPECT_EQ(scene.targets, indices_where(scene, wanted)) << what;
    } else if (s.task == "FindDupe") {
      const Block& query = scene.blocks.back();
      const auto equal = [&](const Block& b) {
        return b.shape == query.shape && b.colour == query.colour;
      };
      EXPECT_EQ(s.roles.at("query"), scene.blocks.size() - 1) << what;
      EXPECT_EQ(scene.targets, indices_where(scene, equal)) << what;
      EXPECT_EQ(scene.regions[0].colour, query.colour) << what;
      EXPECT_EQ(scene.targets.at(scene.targets.size() - 2) + 2, scene.blocks.size()) << what;
    } else if (s.task == "FixColour") {
      for (const auto& pair : s.roles.at("pairs")) {
        const envs::Region& region = scene.regions.at(pair.at("region"));
        EXPECT_EQ(pair.at("region"), pair.at("block")) << what;
        EXPECT_EQ(pair.at("keep"), scene.blocks.at(pair.at("block")).colour == region.colour);
      }
    } else {
      EXPECT_EQ(scene.targets.size(), scene.blocks.size()) << what;
    }
  }

  report_cases("roles", states.size());
}

TEST(TaskFixtures, VariantsDrawWhatTheirTableSays) {
  MINT_FIXTURES(folder, "magical");
  const auto states = variant_states(folder);

  for (const VariantState& s : states) {
    const envs::Variation vary = envs::variation_of(s.variant);
    const Scene demo = envs::sample_scene(s.task, "Demo", 0);
    const std::string what = s.task + "-" + s.variant;
    EXPECT_EQ(s.scene.dynamics.drive_force == demo.dynamics.drive_force, !vary.dynamics) << what;
    if (vary.layout || vary.jitter || vary.count) continue;
    expect_pose(s.scene.robot, demo.robot, what);
    ASSERT_EQ(s.scene.blocks.size(), demo.blocks.size()) << what;
    for (size_t i = 0; i < demo.blocks.size(); ++i) {
      expect_pose(s.scene.blocks[i].pose, demo.blocks[i].pose, what);
      const bool same_colour = s.scene.blocks[i].colour == demo.blocks[i].colour;
      const bool same_shape = s.scene.blocks[i].shape == demo.blocks[i].shape;
      EXPECT_TRUE(vary.colour || same_colour) << what;
      EXPECT_TRUE(vary.shape || same_shape) << what;
    }
  }

  report_cases("variants", states.size());
}

}  // namespace
}  // namespace mint::tests
