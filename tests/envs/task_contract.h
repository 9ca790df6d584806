// What every task must do in every one of its variants: the cases, and the check that the quick
// and the slow test share.
#pragma once

#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/random.h"
#include "envs/state_vector.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::tests {

struct TaskCase {
  std::string task;
  std::string variant;
};

inline std::ostream& operator<<(std::ostream& out, const TaskCase& c) {
  return out << c.task << "-" << c.variant;
}

inline std::string name_of(const testing::TestParamInfo<TaskCase>& info) {
  return info.param.task + info.param.variant;
}

// Every task in every variant.
inline std::vector<TaskCase> all_task_cases() {
  std::vector<TaskCase> cases;
  for (const envs::TaskSpec& task : envs::tasks()) {
    for (const std::string& variant : task.variants) cases.push_back({task.name, variant});
  }
  return cases;
}

inline std::vector<double> numbers(const envs::State& state) {
  std::vector<double> row;
  envs::append_state(state, row);
  return row;
}

inline bool is_in_arena(const envs::Pose& pose) {
  return std::abs(pose.x) <= 1 && std::abs(pose.y) <= 1;
}

// Steps a world of `seed` with random actions; fails the test when a number is not finite, a centre
// leaves the arena or the score leaves [0, 1].
inline void expect_sound_under_random_actions(const TaskCase& c, uint64_t seed, int steps) {
  const envs::Scene scene = envs::sample_scene(c.task, c.variant, seed);
  envs::World world(scene);
  envs::Random random(seed);
  for (int i = 0; i < steps; ++i) {
    world.step(random.below(envs::kActions));
    const envs::State state = world.state();
    for (const double x : numbers(state)) ASSERT_TRUE(std::isfinite(x)) << "step " << i;
    ASSERT_TRUE(is_in_arena(state.robot.pose)) << "step " << i;
    for (const auto& block : state.blocks) ASSERT_TRUE(is_in_arena(block.pose)) << "step " << i;
    const double score = envs::score(scene, state);
    ASSERT_GE(score, 0) << "step " << i;
    ASSERT_LE(score, 1) << "step " << i;
  }
}

}  // namespace mint::tests
