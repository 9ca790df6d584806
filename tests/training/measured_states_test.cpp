#include "training/measured_states.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "agents/experts/recording.h"
#include "envs/geometry.h"
#include "envs/image.h"
#include "envs/task.h"
#include "training/recording.h"

namespace mint::training {
namespace {

double distance(const envs::Pose& a, const envs::Pose& b) {
  return envs::length(envs::Vec2{a.x - b.x, a.y - b.y});
}

// Of the robot and all blocks, over all frames.
double farthest(const std::vector<envs::State>& a, const std::vector<envs::State>& b) {
  double most = 0;
  for (size_t t = 0; t < a.size(); ++t) {
    most = std::max(most, distance(a[t].robot.pose, b[t].robot.pose));
    for (size_t i = 0; i < a[t].blocks.size(); ++i)
      most = std::max(most, distance(a[t].blocks[i].pose, b[t].blocks[i].pose));
  }
  return most;
}

class EveryFrame : public testing::TestWithParam<const char*> {};

// The largest error of three recordings each of MoveToCorner, MakeLine, ClusterColour and FixColour
// was 0.003 units, a seventh of a pixel; the median 0.0001.
TEST_P(EveryFrame, TellsWhereTheRobotAndTheBlocksAre) {
  const auto recorded = experts::record_episode(GetParam(), "Demo", 0);

  const auto measured = measure_states(recorded.scene, recorded.executed,
                                       draw_frames(recorded.scene, recorded.states));

  EXPECT_LT(farthest(measured.states, recorded.states), 0.005);
  EXPECT_LT(*std::max_element(measured.residuals.begin(), measured.residuals.end()), 0.1);
}

INSTANTIATE_TEST_SUITE_P(Tasks, EveryFrame, testing::Values("MoveToCorner", "FixColour"));

// As in a human demonstration, whose physics was another.
TEST(MeasureStates, FollowsTheFramesWhereTheActionsLeadElsewhere) {
  const auto recorded = experts::record_episode("MoveToCorner", "Demo", 0, 0);
  auto actions = recorded.executed;
  for (size_t t = 5; t < actions.size(); t += 10) actions[t] = 0;

  const auto measured =
      measure_states(recorded.scene, actions, draw_frames(recorded.scene, recorded.states));

  EXPECT_LT(distance(measured.states.back().robot.pose, recorded.states.back().robot.pose), 0.005);
  EXPECT_LT(distance(measured.states.back().blocks[0].pose, recorded.states.back().blocks[0].pose),
            0.005);
}

TEST(MeasureStates, SaysHowFarFromTheFramesItIs) {
  const envs::Scene scene = envs::sample_scene("MoveToRegion", "Demo", 0);
  const std::vector<uint8_t> grey(2 * envs::kObservationBytes, 100);

  EXPECT_GT(measure_states(scene, {0}, grey).residuals.back(), 50);
}

TEST(MeasureStates, RefusesFramesOfAnotherNumber) {
  const envs::Scene scene = envs::sample_scene("MoveToRegion", "Demo", 0);

  EXPECT_THROW(measure_states(scene, {0}, std::vector<uint8_t>(envs::kObservationBytes)),
               std::invalid_argument);
}

}  // namespace
}  // namespace mint::training
