// What a demonstration did with which block, and the same in another scene.
#include "agents/experts/segments.h"

#include <cmath>

#include <gtest/gtest.h>

#include "agents/experts/motion.h"
#include "agents/experts/pick_and_place.h"
#include "agents/experts/recording.h"
#include "agents/experts/retrace.h"
#include "envs/placement.h"
#include "envs/task.h"

namespace mint::experts {
namespace {

// A state of `count` blocks in a row, far from the robot.
envs::State state_of(int count) {
  envs::State state;
  state.robot.pose = {0, -0.8, 0};
  for (int i = 0; i < count; ++i) {
    envs::BodyState block;
    block.pose = {-0.6 + 0.4 * i, 0.5, 0};
    state.blocks.push_back(block);
  }
  return state;
}

// Appends `steps` states in which the block moves by (dx, 0) each.
void push(std::vector<envs::State>& states, int block, double dx, int steps) {
  for (int i = 0; i < steps; ++i) {
    states.push_back(states.back());
    states.back().blocks[block].pose.x += dx;
  }
}

TEST(OutlineOf, ListsTheBlocksInTheOrderInWhichTheyCameToRest) {
  std::vector<envs::State> states = {state_of(3)};
  push(states, 2, 0.05, 6);
  push(states, 2, 0, 10);
  push(states, 0, -0.05, 4);

  const Outline outline = outline_of(states);

  ASSERT_EQ(outline.segments.size(), 2u);
  EXPECT_EQ(outline.segments[0].block, 2);
  EXPECT_EQ(outline.segments[0].begin, 0);
  EXPECT_EQ(outline.segments[0].end, 6);
  EXPECT_NEAR(outline.segments[0].from.x, 0.2, 1e-12);
  EXPECT_NEAR(outline.segments[0].to.x, 0.5, 1e-12);
  EXPECT_FALSE(outline.segments[0].is_gripped);
  EXPECT_EQ(outline.segments[1].block, 0);
}

TEST(OutlineOf, LeavesOutWhatHardlyMoves) {
  std::vector<envs::State> states = {state_of(1)};
  push(states, 0, 0.02, 3);

  EXPECT_TRUE(outline_of(states).segments.empty());
}

TEST(OutlineOf, JoinsPausesOfOneBlock) {
  std::vector<envs::State> states = {state_of(2)};
  push(states, 1, 0.05, 4);
  push(states, 1, 0, 20);
  push(states, 1, 0.05, 4);

  const Outline outline = outline_of(states);

  ASSERT_EQ(outline.segments.size(), 1u);
  EXPECT_NEAR(outline.segments[0].to.x - outline.segments[0].from.x, 0.4, 1e-12);
}

TEST(OutlineOf, SeesTheGripOfAnExpert) {
  const auto recorded = record_episode("MoveToCorner", "Demo", 0, 0);

  const Outline outline = outline_of(recorded.states);

  ASSERT_EQ(outline.segments.size(), 1u);
  EXPECT_TRUE(outline.segments[0].is_gripped);
  const envs::Vec2 end = position(recorded.states.back().blocks[0].pose);
  EXPECT_EQ(outline.segments[0].to.x, end.x);
  EXPECT_EQ(outline.segments[0].to.y, end.y);
}

// The outline of a demonstration that pushed block 0 of `scene` to `to`.
Outline push_to(const envs::Scene& scene, const envs::Vec2& to, double heading) {
  Segment segment;
  segment.from = position(scene.blocks[0].pose);
  segment.to = to;
  segment.heading = heading;
  Outline outline;
  outline.segments = {segment};
  return outline;
}

envs::Scene two_blocks() {
  envs::Scene scene;
  scene.blocks.resize(2);
  scene.blocks[0].pose = {0, 0, 0};
  scene.blocks[1].pose = {0.5, 0.5, 0};
  return scene;
}

TEST(Transformed, MovesAPlaceWithTheBlocksThatStay) {
  const envs::Scene scene = two_blocks();
  envs::Scene moved = scene;
  moved.blocks[1].pose.x += 0.05;

  const Outline outline = transformed(push_to(scene, {0.5, 0.2}, 0), scene, moved);

  EXPECT_NEAR(outline.segments[0].to.x, 0.55, 1e-12);
  EXPECT_NEAR(outline.segments[0].to.y, 0.2, 1e-12);
}

TEST(Transformed, MovesAPlaceInARegionWithTheRegion) {
  envs::Scene scene = two_blocks();
  scene.regions = {{envs::Colour::kRed, -0.8, -0.2, 0.5, 0.5}};
  envs::Scene moved = scene;
  moved.blocks[1].pose.x += 0.05;
  moved.regions[0].y -= 0.03;

  const Outline outline = transformed(push_to(scene, {-0.5, -0.5}, 0), scene, moved);

  EXPECT_NEAR(outline.segments[0].to.x, -0.5, 1e-12);
  EXPECT_NEAR(outline.segments[0].to.y, -0.53, 1e-12);
}

TEST(Transformed, TurnsTheApproachWithTheDirectionOfTheCarry) {
  envs::Scene scene = two_blocks();
  scene.blocks.resize(1);
  envs::Scene moved = scene;
  moved.blocks[0].pose.x = 0.5;  // the way to (0, 0.5) turns left by pi/4

  const Outline outline = transformed(push_to(scene, {0, 0.5}, 1), scene, moved);

  EXPECT_NEAR(outline.segments[0].to.x, 0, 1e-12);
  EXPECT_NEAR(outline.segments[0].heading, 1 + M_PI / 4, 1e-12);
}

class Retraced : public testing::TestWithParam<const char*> {};

TEST_P(Retraced, ReachesTheDemonstratedPlacesFromAJitteredStart) {
  const auto demonstration = record_episode(GetParam(), "Demo", 0);
  const Outline outline = outline_of(demonstration.states);
  int solved = 0;

  for (int seed = 0; seed < 4; ++seed) {
    envs::Scene scene = demonstration.scene;
    envs::Random random(seed);
    envs::jitter_poses(scene, {0.05, 0.3}, random);
    const auto expert = retracing_expert(transformed(outline, demonstration.scene, scene));
    solved += record_episode(scene, *expert, seed, 0).score == 1;
  }

  EXPECT_GE(solved, 3);
}

INSTANTIATE_TEST_SUITE_P(Tasks, Retraced,
                         testing::Values("MoveToRegion", "MoveToCorner", "FixColour", "FindDupe"));

}  // namespace
}  // namespace mint::experts
