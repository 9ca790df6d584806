// One job at a time: fetching a block and leaving it at its place; what gets in the way of that.
#include <vector>

#include <gtest/gtest.h>

#include "agents/experts/motion.h"
#include "agents/experts/pick_and_place.h"
#include "envs/world.h"

namespace mint::experts {
namespace {

envs::Scene scene_of(const envs::Pose& robot, const std::vector<envs::Vec2>& blocks) {
  envs::Scene scene;
  scene.robot = robot;
  for (const envs::Vec2& block : blocks) {
    scene.blocks.push_back({envs::Shape::kCircle, envs::Colour::kRed, {block.x, block.y, 0}});
  }
  return scene;
}

// The state when the job is done, after `limit` steps at most.
envs::State work(const envs::Scene& scene, Job& job, int limit) {
  envs::World world(scene);
  for (int i = 0; i < limit && !is_done(world.state(), job); ++i) {
    if (!job.heading) job.heading = choose_heading(world.state(), job);
    world.step(envs::encode_action(pick_and_place(world.state(), job)));
  }
  return world.state();
}

TEST(PickAndPlace, LeavesTheBlockAtItsPlaceAndIsClearOfIt) {
  Job job;
  job.target = {-0.4, 0.5};

  const envs::State end = work(scene_of({-0.4, -0.4, 0}, {{0.3, 0.2}}), job, 60);

  EXPECT_TRUE(is_done(end, job));
  EXPECT_LT(envs::length(position(end.blocks[0].pose) - job.target), job.loose);
  EXPECT_FALSE(is_between_fingers(end, 0));
}

TEST(PickAndPlace, GetsItsGripperAwayFromAWallFirst) {
  Job job;
  job.target = {0.5, -0.4};

  const envs::State end = work(scene_of({0, 0.6, 0}, {{-0.3, -0.3}}), job, 80);

  EXPECT_TRUE(is_done(end, job));
}

TEST(PickAndPlace, FetchesABlockFromACorner) {
  Job job;
  job.target = {0, 0};

  const envs::State end = work(scene_of({0.3, -0.5, 1}, {{-0.85, 0.85}}), job, 80);

  EXPECT_TRUE(is_done(end, job));
}

TEST(PickAndPlace, LeavesBlocksOnTheWayWhereTheyAre) {
  const envs::Vec2 bystander = {0, -0.05};
  Job job;
  job.target = {0.6, 0.3};

  const envs::State end = work(scene_of({0, -0.6, 0}, {{0, 0.6}, bystander}), job, 80);

  EXPECT_TRUE(is_done(end, job));
  EXPECT_LT(envs::length(position(end.blocks[1].pose) - bystander), 0.05);
}

TEST(ChooseHeading, KeepsClearOfWallsAndBlocks) {
  const envs::Scene scene = scene_of({0, -0.5, 0}, {{-0.8, 0.5}, {-0.5, 0.3}});
  Job job;
  job.target = {0.5, 0.5};

  const double heading = choose_heading(envs::initial_state(scene), job);

  EXPECT_LT(std::abs(wrap(heading - heading_to({0, 0.5}, {-0.8, 0.5}))), 0.8);  // from the right
}

TEST(ChooseHeading, GivesAnotherForEveryRank) {
  const envs::Scene scene = scene_of({0, -0.5, 0}, {{0, 0.2}});
  Job job;
  job.target = {0.5, 0.5};
  const envs::State state = envs::initial_state(scene);

  const double best = choose_heading(state, job, 0);
  const double second = choose_heading(state, job, 1);

  EXPECT_GT(std::abs(wrap(best - second)), 0.3);
}

TEST(FetchingCost, IsHigherForABlockAmongOthers) {
  const std::vector<envs::Vec2> around = {{0.27, 0}, {-0.27, 0}, {0, 0.27}, {0, -0.27}};

  EXPECT_EQ(fetching_cost({}, {0, 0}), 0);
  EXPECT_GT(fetching_cost(around, {0, 0}), 5);
}

TEST(PlacingCost, IsHigherWhereTheGripperHasNoRoomToOpen) {
  const std::vector<envs::Vec2> around = {{0.27, 0}, {-0.27, 0}, {0, 0.27}, {0, -0.27}};

  EXPECT_EQ(placing_cost({}, {0, 0}), 0);
  EXPECT_GT(placing_cost(around, {0, 0}), 5);
}

}  // namespace
}  // namespace mint::experts
