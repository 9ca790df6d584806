// What every task must do, in every one of its variants.
#include <cmath>
#include <cstring>
#include <memory>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "envs/env.h"
#include "envs/overlap.h"
#include "envs/random.h"
#include "envs/state_vector.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::envs {
namespace {

std::vector<double> numbers(const State& state) {
  std::vector<double> row;
  append_state(state, row);
  return row;
}

bool is_finite(const State& state) {
  for (const double x : numbers(state)) {
    if (!std::isfinite(x)) return false;
  }
  return true;
}

// Everything that a variant may draw.
std::vector<double> numbers(const Scene& scene) {
  std::vector<double> row = numbers(initial_state(scene));
  for (const Block& b : scene.blocks) {
    row.insert(row.end(), {static_cast<double>(b.shape), static_cast<double>(b.colour)});
  }
  for (const Region& r : scene.regions) {
    row.insert(row.end(), {static_cast<double>(r.colour), r.x, r.y, r.w, r.h});
  }
  const Dynamics& d = scene.dynamics;
  row.insert(row.end(), {d.drive_force, d.steering_torque, d.finger_torque, d.block_linear_friction,
                         d.block_angular_friction});
  return row;
}

std::vector<EntityRef> solids(const Scene& scene) {
  std::vector<EntityRef> result = {{EntityKind::kRobot, 0}};
  for (size_t i = 0; i < scene.blocks.size(); ++i) {
    result.push_back({EntityKind::kBlock, static_cast<int>(i)});
  }
  return result;
}

struct Case {
  std::string task;
  std::string variant;
};

class TaskContract : public testing::TestWithParam<Case> {
 protected:
  Scene scene(uint64_t seed) const {
    return sample_scene(GetParam().task, GetParam().variant, seed);
  }
  const TaskSpec& spec() const { return find_task(GetParam().task); }
};

TEST_P(TaskContract, TheSameSeedGivesTheSameScene) {
  EXPECT_EQ(numbers(scene(3)), numbers(scene(3)));
}

TEST_P(TaskContract, AnotherSeedGivesAnotherSceneExceptInDemo) {
  const bool is_equal = numbers(scene(3)) == numbers(scene(4));

  EXPECT_EQ(is_equal, GetParam().variant == "Demo");
}

TEST_P(TaskContract, DrawsEveryEntityOnce) {
  const Scene scene = this->scene(1);

  EXPECT_EQ(scene.draw_order.size(), scene.blocks.size() + scene.regions.size() + 1);
}

TEST_P(TaskContract, NothingTouchesAtReset) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Scene scene = this->scene(seed);
    const auto entities = solids(scene);
    for (size_t i = 0; i < entities.size(); ++i) {
      EXPECT_FALSE(touches_wall(collision_shapes(scene, entities[i]))) << "seed " << seed;
      for (size_t j = 0; j < i; ++j) {
        EXPECT_FALSE(
            touch(collision_shapes(scene, entities[i]), collision_shapes(scene, entities[j])))
            << "seed " << seed << ", entities " << i << " and " << j;
      }
    }
    for (size_t i = 0; i < scene.regions.size(); ++i) {
      const auto region = collision_shapes(scene, {EntityKind::kRegion, static_cast<int>(i)});
      EXPECT_FALSE(touches_wall(region)) << "seed " << seed;
      EXPECT_FALSE(touch(region, collision_shapes(scene, entities[0]))) << "seed " << seed;
    }
  }
}

TEST_P(TaskContract, TheSameActionsGiveTheSameBytes) {
  World a(scene(2));
  World b(scene(2));
  Random random(5);

  for (int i = 0; i < 50; ++i) {
    const int action = random.below(kActions);
    a.step(action);
    b.step(action);
  }

  EXPECT_EQ(numbers(a.state()), numbers(b.state()));
}

TEST_P(TaskContract, ARestoredWorldContinuesTheSameEveryTime) {
  World world(scene(2));
  for (int i = 0; i < 20; ++i) world.step(1);
  const State saved = world.state();
  World first(scene(2));
  World second(scene(2));

  first.restore(saved);
  second.step(5);
  second.restore(saved);
  EXPECT_EQ(numbers(first.state()), numbers(saved));
  for (int i = 0; i < 20; ++i) {
    first.step(4);
    second.step(4);
  }

  EXPECT_EQ(numbers(first.state()), numbers(second.state()));
}

TEST_P(TaskContract, StaysFiniteAndScoresBetweenZeroAndOneUnderRandomActions) {
  const Scene scene = this->scene(0);
  World world(scene);
  Random random(1);

  for (int i = 0; i < 2000; ++i) {
    world.step(random.below(kActions));
    const State state = world.state();
    ASSERT_TRUE(is_finite(state)) << "step " << i;
    ASSERT_LE(std::abs(state.robot.pose.x), 1.0) << "step " << i;
    ASSERT_LE(std::abs(state.robot.pose.y), 1.0) << "step " << i;
    const double score = envs::score(scene, state);
    ASSERT_GE(score, 0) << "step " << i;
    ASSERT_LE(score, 1) << "step " << i;
  }
}

TEST_P(TaskContract, AnEpisodeEndsAfterItsLengthAndNotBefore) {
  Env env(GetParam().task, GetParam().variant);
  env.reset(0);

  for (int i = 1; i < spec().episode_length; ++i) {
    const StepResult result = env.step(0);
    ASSERT_FALSE(result.truncated) << "step " << i;
    ASSERT_EQ(result.score, 0) << "step " << i;
  }

  EXPECT_TRUE(env.step(0).truncated);
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const TaskSpec& task : tasks()) {
    for (const std::string& variant : task.variants) cases.push_back({task.name, variant});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(AllTasks, TaskContract, testing::ValuesIn(all_cases()),
                         [](const auto& info) { return info.param.task + info.param.variant; });

}  // namespace
}  // namespace mint::envs
