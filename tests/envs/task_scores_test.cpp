// Every task's score by hand.
#include <utility>
#include <vector>

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

// The first blocks at `poses`, the others where they start.
State with_blocks_at(const Scene& scene, const std::vector<Pose>& poses) {
  State state = initial_state(scene);
  for (size_t i = 0; i < poses.size(); ++i) state.blocks.at(i).pose = poses[i];
  return state;
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

constexpr Pose kIn = {0.4, 0.3, 0};    // of MatchRegions' Demo region
constexpr Pose kOut = {-0.4, 0.8, 0};  // of any Demo region

// Blocks 0 and 1 are targets, 2 to 4 are not.
TEST(MatchRegionsScore, IsTheShareOfTargetsTimesThePurity) {
  const Scene scene = sample_scene("MatchRegions", "Demo", 0);
  const auto score_of = [&](const std::vector<Pose>& poses) {
    return score(scene, with_blocks_at(scene, poses));
  };

  EXPECT_EQ(score_of({kOut, kOut, kOut, kOut, kOut}), 0);
  EXPECT_EQ(score_of({kIn, kOut, kOut, kOut, kOut}), 0.5);
  EXPECT_EQ(score_of({kIn, kIn, kOut, kOut, kOut}), 1);
  EXPECT_NEAR(score_of({kIn, kIn, kIn, kOut, kOut}), 2.0 / 3, 1e-12);
  EXPECT_NEAR(score_of({kIn, kOut, kIn, kIn, kOut}), 0.5 / 3, 1e-12);
  EXPECT_EQ(score_of({kOut, kOut, kIn, kIn, kIn}), 0);
}

// Blocks 5 (the duplicate) and 6 (the query) are targets; the region is around (-0.36, -0.55).
TEST(FindDupeScore, NeedsTwoTargetsAndIsThenThePurity) {
  const Scene scene = sample_scene("FindDupe", "Demo", 0);
  const Pose in = {-0.4, -0.5, 0};
  const auto score_of = [&](Pose first, Pose second, Pose duplicate, Pose query) {
    return score(scene, with_blocks_at(scene, {first, second, kOut, kOut, kOut, duplicate, query}));
  };

  EXPECT_EQ(score_of(kOut, kOut, in, in), 1);
  EXPECT_EQ(score_of(kOut, kOut, in, kOut), 0);
  EXPECT_EQ(score_of(kOut, kOut, kOut, in), 0);
  EXPECT_NEAR(score_of(in, kOut, in, in), 2.0 / 3, 1e-12);
  EXPECT_EQ(score_of(in, in, in, in), 0.5);
}

TEST(FindDupeScore, CountsEveryEqualOfTheQuery) {
  Scene scene = sample_scene("FindDupe", "Demo", 0);
  scene.targets = {0, 5, 6};  // as if block 0 were a yellow pentagon
  const Pose in = {-0.4, -0.5, 0};

  EXPECT_EQ(score(scene, with_blocks_at(scene, {in, kOut, kOut, kOut, kOut, kOut, in})), 1);
  EXPECT_EQ(score(scene, with_blocks_at(scene, {in, kOut, kOut, kOut, kOut, kOut, kOut})), 0);
}

// The blocks of regions 0 and 1 have their colours, that of region 2 has not.
TEST(FixColourScore, WantsTheOddBlockOutAndTheOthersAlone) {
  const Scene scene = sample_scene("FixColour", "Demo", 0);
  const Pose in_0 = {0.2, 0.1, 0};
  const Pose in_1 = {0.2, -0.6, 0};
  const Pose in_2 = {-0.5, 0, 0};
  const auto score_of = [&](const std::vector<Pose>& poses) {
    return score(scene, with_blocks_at(scene, poses));
  };

  EXPECT_EQ(score_of({in_0, in_1, kOut}), 1);
  EXPECT_EQ(score_of({in_0, in_1, in_2}), 0);
  EXPECT_EQ(score_of({kOut, in_1, kOut}), 0);
  EXPECT_EQ(score_of({in_1, in_0, kOut}), 0);
  EXPECT_EQ(score_of({in_0, in_1, in_0}), 0);
}

// Four groups of two; `offset` moves one block of the first group away from its fellow.
Scene four_pairs() {
  Scene scene = sample_scene("ClusterColour", "Demo", 0);
  for (int i = 0; i < 8; ++i) {
    scene.blocks[i].colour = static_cast<Colour>(i / 2);
    scene.blocks[i].shape = static_cast<Shape>(i % 4);
  }
  return scene;
}

std::vector<Pose> pairs_with_the_first_at(double x, double y) {
  return {{x, y, 0},     {-0.8, -0.8, 0}, {0.8, -0.8, 0}, {0.6, -0.8, 0},
          {0.8, 0.8, 0}, {0.6, 0.8, 0},   {-0.8, 0.8, 0}, {-0.6, 0.8, 0}};
}

TEST(ClusterScore, IsOneWhenAllAreNearTheirOwn) {
  const Scene scene = four_pairs();

  EXPECT_EQ(score(scene, with_blocks_at(scene, pairs_with_the_first_at(-0.6, -0.8))), 1);
}

// At (0, -0.8) the first block is 0.4 from the centroid (-0.4, -0.8) of its group and 0.7 from that
// of the next, (0.7, -0.8): 0.4 < 0.7 - 2 * 0.16 = 0.38 is false. Its fellow is as far from the
// centroid, but 1.5 from the next: right. So are the others: 7 of 8, (0.875 - 0.75) / 0.25 = 0.5.
// At (-0.02, -0.8) it is 0.39 and 0.72: 0.39 < 0.72 - 2 * 0.1521 = 0.4158 holds.
TEST(ClusterScore, TakesTwiceTheSquaredDistanceOffTheRoomToTheNextGroup) {
  const Scene scene = four_pairs();

  EXPECT_EQ(score(scene, with_blocks_at(scene, pairs_with_the_first_at(0, -0.8))), 0.5);
  EXPECT_EQ(score(scene, with_blocks_at(scene, pairs_with_the_first_at(-0.02, -0.8))), 1);
}

// The same places, grouped by the shapes 0 1 2 3 0 1 2 3: every group is torn apart.
TEST(ClusterScore, GroupsByShapeInClusterShape) {
  Scene scene = four_pairs();
  scene.task = "ClusterShape";

  EXPECT_EQ(score(scene, with_blocks_at(scene, pairs_with_the_first_at(-0.6, -0.8))), 0);
}

// Five of eight are right: below the three quarters that are worth nothing.
TEST(ClusterScore, IsZeroUpToThreeQuarters) {
  const Scene scene = four_pairs();
  auto poses = pairs_with_the_first_at(-0.6, -0.8);
  std::swap(poses[1], poses[2]);

  EXPECT_EQ(score(scene, with_blocks_at(scene, poses)), 0);
}

}  // namespace
}  // namespace mint::envs
