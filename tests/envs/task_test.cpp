#include <stdexcept>

#include <gtest/gtest.h>

#include "envs/task.h"

namespace mint::envs {
namespace {

State with_robot_at(const Scene& scene, double x, double y) {
  State state = initial_state(scene);
  state.robot.pose.x = x;
  state.robot.pose.y = y;
  return state;
}

State with_blocks_at(const Scene& scene, const std::vector<Pose>& poses) {
  State state = initial_state(scene);
  for (size_t i = 0; i < poses.size(); ++i) state.blocks.at(i).pose = poses[i];
  return state;
}

TEST(Task, EpisodeLengthsAreTheOriginals) {
  EXPECT_EQ(find_task("MoveToRegion").episode_length, 40);
  EXPECT_EQ(find_task("MoveToCorner").episode_length, 80);
  EXPECT_EQ(find_task("MakeLine").episode_length, 180);
}

TEST(Task, UnknownNamesAreRefusedWithTheKnownOnes) {
  EXPECT_THROW(find_task("MoveToMoon"), std::invalid_argument);
  try {
    sample_scene("MoveToCorner", "TestWeather", 0);
    FAIL() << "expected an exception";
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(
        std::string(error.what()),
        "variant: expected one of Demo, TestJitter, TestColour, TestShape, TestDynamics, TestAll "
        "for MoveToCorner, got \"TestWeather\"");
  }
}

// demo_layouts.json of the fixtures.
TEST(MoveToCorner, StartsAsInTheOriginal) {
  const State state = initial_state(sample_scene("MoveToCorner", "Demo", 0));

  EXPECT_NEAR(state.robot.pose.angle, 1.727876, 1e-6);
  EXPECT_NEAR(state.fingers[0].pose.x, 0.394325, 1e-6);
  EXPECT_NEAR(state.fingers[0].pose.y, -0.092021, 1e-6);
  EXPECT_NEAR(state.fingers[0].pose.angle, 2.120575, 1e-6);
  EXPECT_NEAR(state.fingers[1].pose.angle, 1.335177, 1e-6);
  EXPECT_NEAR(state.eye_angles[0], 1.727876, 1e-6);
  EXPECT_NEAR(state.blocks.at(0).pose.angle, 0.408407, 1e-6);
}

TEST(EnvName, TakesTheOriginalsNamesApart) {
  const EnvName full = parse_env_name("MakeLine-TestJitter-LoRes4A-v0");
  const EnvName raw = parse_env_name("FindDupe-Demo-v0");

  EXPECT_EQ(full.task, "MakeLine");
  EXPECT_EQ(full.variant, "TestJitter");
  EXPECT_EQ(full.preprocessor, "LoRes4A");
  EXPECT_EQ(to_string(full), "MakeLine-TestJitter-LoRes4A-v0");
  EXPECT_EQ(raw.variant, "Demo");
  EXPECT_EQ(raw.preprocessor, "");
  EXPECT_EQ(to_string(raw), "FindDupe-Demo-v0");
}

TEST(EnvName, RefusesAnythingElse) {
  for (const char* name : {"", "MakeLine", "MakeLine-Demo", "MakeLine-Other-v0", "-Demo-v0",
                           "MakeLine-Demo-v", "MakeLine-Demo-LoRes4A"}) {
    EXPECT_THROW(parse_env_name(name), std::invalid_argument) << name;
  }
}

// The Demo region covers [-0.62, 0.13] x [-0.93, -0.17].
TEST(MoveToRegionScore, CountsTheClosedRectangle) {
  const Scene scene = sample_scene("MoveToRegion", "Demo", 0);

  EXPECT_EQ(score(scene, with_robot_at(scene, -0.2, -0.5)), 1);
  EXPECT_EQ(score(scene, with_robot_at(scene, -0.62, -0.17)), 1);
  EXPECT_EQ(score(scene, with_robot_at(scene, -0.6201, -0.5)), 0);
  EXPECT_EQ(score(scene, with_robot_at(scene, -0.2, -0.1699)), 0);
  EXPECT_EQ(score(scene, with_robot_at(scene, -0.2, -0.9301)), 0);
}

// (sqrt 2 - d) / (sqrt 2 / 2): d = 1 gives 0.585786.
TEST(MoveToCornerScore, FallsWithTheDistanceFromTheCorner) {
  const Scene scene = sample_scene("MoveToCorner", "Demo", 0);

  EXPECT_EQ(score(scene, with_blocks_at(scene, {{-0.8, 0.8, 0}})), 1);
  EXPECT_NEAR(score(scene, with_blocks_at(scene, {{0, 1, 0}})), 0.585786, 1e-6);
  EXPECT_EQ(score(scene, with_blocks_at(scene, {{0.1, -0.1, 0}})), 0);
}

TEST(MakeLineScore, CountsTheLongestRunWithoutLargeGaps) {
  const Scene scene = sample_scene("MakeLine", "Demo", 0);
  const auto score_of = [&](const std::vector<Pose>& poses) {
    return score(scene, with_blocks_at(scene, poses));
  };

  EXPECT_EQ(score_of({{-0.6, 0, 0}, {-0.2, 0, 0}, {0.2, 0, 0}, {0.6, 0, 0}}), 1);
  EXPECT_EQ(score_of({{-0.6, 0, 0}, {-0.2, 0.17, 0}, {0.2, 0, 0}, {0.6, 0, 0}}), 1);
  EXPECT_EQ(score_of({{-0.6, 0, 0}, {-0.2, 0, 0}, {0.2, 0, 0}, {0.63, 0, 0}}), 0.5);
  EXPECT_EQ(score_of({{-0.6, 0, 0}, {-0.2, 0, 0}, {0.5, 0.9, 0}, {0.6, -0.8, 0}}), 0);
}

TEST(MakeLineScore, OfThreeBlocksIsAllOrNothing) {
  Scene scene = sample_scene("MakeLine", "Demo", 0);
  scene.blocks.pop_back();
  scene.targets.pop_back();

  EXPECT_EQ(score(scene, with_blocks_at(scene, {{-0.4, 0, 0}, {0, 0, 0}, {0.4, 0, 0}})), 1);
  EXPECT_EQ(score(scene, with_blocks_at(scene, {{-0.4, 0, 0}, {0, 0, 0}, {0.4, 0.5, 0}})), 0);
}

}  // namespace
}  // namespace mint::envs
