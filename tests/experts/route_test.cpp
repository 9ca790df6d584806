// Ways between blocks, and driving along them.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "agents/experts/motion.h"
#include "agents/experts/route.h"
#include "agents/experts/way.h"

namespace mint::experts {
namespace {

const Passage kEmpty;
const Passage kBlockAhead = {{{0, 0}}, false};

double nearest_to(const std::vector<Waypoint>& way, const envs::Vec2& point) {
  double nearest = INFINITY;
  for (const Waypoint& waypoint : way) {
    nearest = std::min(nearest, envs::length(position(waypoint.pose) - point));
  }
  return nearest;
}

// Where the robot is after following the way in a world without blocks.
envs::Pose drive_along(const envs::Pose& start, std::vector<Waypoint> points, int steps) {
  envs::Scene scene;
  scene.robot = start;
  envs::World world(scene);
  Way way = {kEmpty, std::move(points), 0};
  for (int i = 0; i < steps; ++i) world.step(envs::encode_action(follow(world.state(), way)));
  EXPECT_TRUE(is_finished(way));
  return world.state().robot.pose;
}

TEST(Contact, GrowsWithTheDepthAndIsNoneInTheOpen) {
  EXPECT_EQ(contact(kBlockAhead, {0, -0.7, 0}), 0);
  EXPECT_GT(contact(kBlockAhead, {0, -0.3, M_PI}), 0);
  EXPECT_GT(contact(kBlockAhead, {0, -0.2, M_PI}), contact(kBlockAhead, {0, -0.3, M_PI}));
}

TEST(Contact, LetsABlockBetweenOpenFingersBeButNotBeforeThem) {
  EXPECT_LT(contact(kBlockAhead, {0, -0.36, 0}), contact(kBlockAhead, {0.12, -0.40, 0}));
}

TEST(Contact, CountsWallsWhereTheGripperIs) {
  EXPECT_EQ(contact(kEmpty, {0.7, 0, M_PI / 2}), 0);   // facing the middle
  EXPECT_GT(contact(kEmpty, {0.7, 0, -M_PI / 2}), 0);  // facing the wall
}

TEST(Routes, GoRoundABlock) {
  const auto straight = Routes::way(kEmpty, {0, -0.6, 0}, {0, 0.6, 0});
  const auto round = Routes::way(kBlockAhead, {0, -0.6, 0}, {0, 0.6, 0});

  EXPECT_LT(nearest_to(straight, {0, 0}), 0.05);
  EXPECT_GT(nearest_to(round, {0, 0}), 0.3);
}

TEST(Routes, DriveBackwardsWhereTurningTakesLonger) {
  const auto way = Routes::way(kEmpty, {0, 0.2, 0}, {0, -0.2, 0});

  ASSERT_FALSE(way.empty());
  for (const Waypoint& waypoint : way) EXPECT_EQ(waypoint.drive, -1);
}

TEST(Routes, CostTheSameFromBothEnds) {
  const envs::Pose start = {-0.4, -0.4, 0};
  const envs::Pose goal = {0.4, 0.32, M_PI / 2};
  const double there = Routes::from(kBlockAhead, start).cost(goal);

  EXPECT_NEAR(Routes::to(kBlockAhead, {{goal, 0}}).cost(start), there, 1e-3);
}

TEST(Routes, PreferTheGoalThatIsCheapestInAll) {
  const envs::Pose near = {0, 0.16, 0};
  const envs::Pose far = {0, 0.48, 0};
  const auto routes = Routes::to(kEmpty, {{near, 50}, {far, 0}});

  const auto way = routes.way({0, 0, 0});

  ASSERT_FALSE(way.empty());
  EXPECT_NEAR(way.back().pose.y, far.y, 1e-9);
}

TEST(Follow, BringsTheRobotWhereTheWayLeads) {
  const envs::Pose start = {-0.4, -0.4, 0};
  const envs::Pose goal = {0.4, 0.32, M_PI / 2};

  const envs::Pose end = drive_along(start, Routes::way(kEmpty, start, goal), 40);

  EXPECT_LT(envs::length(position(end) - position(goal)), 0.15);
  EXPECT_LT(std::abs(wrap(end.angle - goal.angle)), 0.4);
}

TEST(Follow, BacksUpAlongAWayThatLeadsBackwards) {
  const envs::Pose start = {0, 0.4, 0};

  const envs::Pose end = drive_along(start, Routes::way(kEmpty, start, {0, 0, 0}), 15);

  EXPECT_NEAR(end.y, 0, 0.1);
  EXPECT_NEAR(end.angle, 0, 0.2);
}

}  // namespace
}  // namespace mint::experts
