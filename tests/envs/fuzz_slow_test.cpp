// Random play of every task in every variant: numbers stay finite, nothing leaves the arena, scores
// stay in [0, 1], both cameras can be drawn whatever has happened.
//
// MINT_FUZZ_STEPS sets the number of control steps; 1,000,000 take about a minute in a release
// build. Worth most in the preset "asan":
//
//   ninja -C build/asan envs_slow_test
//   MINT_FUZZ_STEPS=1000000 build/asan/envs_slow_test --gtest_filter='Fuzz.*'
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <string>

#include <gtest/gtest.h>

#include "envs/block_geometry.h"
#include "envs/env.h"
#include "envs/robot_geometry.h"
#include "tests/envs/random_player.h"
#include "tests/envs/task_contract.h"

namespace mint::tests {
namespace {

using envs::Env;
using envs::State;

// How far an outline may reach beyond |x| = 1 or |y| = 1: the overlap of 0.01 that the physics
// leaves alone, and what a body travels in a substep before a contact stops it (a block that the
// gripper flicks away has reached 1.3 units/s). 0.025 was the most in 1,000,000 steps, of a finger;
// robot and blocks, though squeezed against walls, stayed within 0.013.
constexpr double kTolerance = 0.03;

long steps_to_play() {
  const char* steps = std::getenv("MINT_FUZZ_STEPS");
  return steps ? std::atol(steps) : 200000;
}

double reach(const envs::Pose& pose, double radius) {
  return std::max(std::abs(pose.x), std::abs(pose.y)) + radius;
}

double reach(const envs::Pose& pose, const envs::Polygon& polygon) {
  double farthest = 0;
  for (const envs::Vec2& v : envs::to_world(pose, polygon)) {
    farthest = std::max({farthest, std::abs(v.x), std::abs(v.y)});
  }
  return farthest;
}

// How far from the centre of the arena anything is, per axis.
double farthest_reach(const envs::Scene& scene, const State& state) {
  double farthest = reach(state.robot.pose, envs::kRobotRadius);
  for (const int side : {envs::kLeft, envs::kRight}) {
    for (const envs::Polygon& quad : envs::finger_outer(side)) {
      farthest = std::max(farthest, reach(state.fingers[side].pose, quad));
    }
  }
  for (size_t i = 0; i < state.blocks.size(); ++i) {
    const envs::Shape shape = scene.blocks[i].shape;
    const envs::Pose& pose = state.blocks[i].pose;
    farthest =
        std::max(farthest, shape == envs::Shape::kCircle ? reach(pose, envs::kBlockSize)
                                                         : reach(pose, envs::block_outer(shape)));
  }
  return farthest;
}

bool all_finite(const State& state) {
  const std::vector<double> row = numbers(state);
  return std::all_of(row.begin(), row.end(), [](double x) { return std::isfinite(x); });
}

// Plays one episode; returns its steps.
long play(const TaskCase& c, uint64_t seed, double& farthest) {
  Env env(c.task, c.variant);
  env.reset(seed);
  RandomPlayer player(seed);
  for (bool is_over = false; !is_over;) {
    const envs::StepResult result = env.step(player.act());
    is_over = result.truncated;
    EXPECT_TRUE(all_finite(env.state())) << c << " seed " << seed << " step " << env.steps();
    const double reached = farthest_reach(env.scene(), env.state());
    EXPECT_LE(reached, 1 + kTolerance) << c << " seed " << seed << " step " << env.steps();
    EXPECT_GE(result.score, 0) << c << " seed " << seed;
    EXPECT_LE(result.score, 1) << c << " seed " << seed;
    farthest = std::max(farthest, reached);
    if (!player.looks()) continue;
    env.stack(envs::Camera::kAllocentric);
    env.stack(envs::Camera::kEgocentric);
    env.instances(envs::Camera::kEgocentric);
  }
  return env.steps();
}

TEST(Fuzz, RandomPlayOfAllTasksStaysSoundAndInTheArena) {
  const long wanted = steps_to_play();
  ASSERT_GT(wanted, 0) << "MINT_FUZZ_STEPS";
  long played = 0;
  double farthest = 0;

  for (uint64_t seed = 0; played < wanted && !HasFailure(); ++seed) {
    for (const TaskCase& c : all_task_cases()) {
      if (played < wanted) played += play(c, seed, farthest);
    }
  }

  std::cout << "  " << played << " steps; nothing reached farther than " << farthest << "\n";
  EXPECT_GE(played, wanted);
}

}  // namespace
}  // namespace mint::tests
