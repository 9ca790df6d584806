// What every task must do, in every one of its variants.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/env.h"
#include "envs/overlap.h"
#include "tests/envs/task_contract.h"

namespace mint::tests {
namespace {

using envs::collision_shape;
using envs::EntityKind;
using envs::EntityRef;
using envs::Scene;
using envs::State;
using envs::World;

// Everything that a variant may draw.
std::vector<double> drawn_numbers(const Scene& scene) {
  std::vector<double> row = numbers(envs::initial_state(scene));
  for (const envs::Block& b : scene.blocks) {
    row.insert(row.end(), {static_cast<double>(b.shape), static_cast<double>(b.colour)});
  }
  for (const envs::Region& r : scene.regions) {
    row.insert(row.end(), {static_cast<double>(r.colour), r.x, r.y, r.w, r.h});
  }
  const envs::Dynamics& d = scene.dynamics;
  row.insert(row.end(), {d.drive_force, d.steering_torque, d.finger_torque, d.block_linear_friction,
                         d.block_angular_friction});
  return row;
}

// Shapes drawn onto the poses of Demo do not always have room between eight blocks and the walls;
// the original starts these episodes with the same overlaps (11 of the 40 in its fixtures).
bool has_crowded_blocks(const TaskCase& c) {
  return c.variant == "TestShape" && c.task.rfind("Cluster", 0) == 0;
}

// Whether block `index` starts inside `region`.
bool belongs_in(const Scene& scene, int index, int region) {
  if (scene.task == "FixColour") return scene.targets.at(region) == index;
  return scene.task == "FindDupe" && index + 1 == static_cast<int>(scene.blocks.size());
}

bool may_touch(const Scene& scene, const EntityRef& region, const EntityRef& other) {
  return other.kind == EntityKind::kBlock && belongs_in(scene, other.index, region.index);
}

class TaskContract : public testing::TestWithParam<TaskCase> {
 protected:
  Scene scene(uint64_t seed) const {
    return envs::sample_scene(GetParam().task, GetParam().variant, seed);
  }
};

TEST_P(TaskContract, TheSameSeedGivesTheSameScene) {
  EXPECT_EQ(drawn_numbers(scene(3)), drawn_numbers(scene(3)));
}

// One of eight, because a variant may draw no more than one of four colours.
TEST_P(TaskContract, AnotherSeedGivesAnotherSceneExceptInDemo) {
  bool all_equal = true;

  for (uint64_t seed = 1; seed < 9; ++seed) {
    all_equal = all_equal && drawn_numbers(scene(seed)) == drawn_numbers(scene(0));
  }

  EXPECT_EQ(all_equal, GetParam().variant == "Demo");
}

TEST_P(TaskContract, DrawsEveryEntityOnce) {
  const auto by_kind_and_index = [](const EntityRef& a, const EntityRef& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.index < b.index;
  };
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Scene scene = this->scene(seed);

    auto drawn = scene.draw_order;
    std::sort(drawn.begin(), drawn.end(), by_kind_and_index);

    const auto all =
        envs::entities(scene, {EntityKind::kRegion, EntityKind::kBlock, EntityKind::kRobot});
    ASSERT_EQ(drawn.size(), all.size());
    for (size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(drawn[i].kind, all[i].kind);
      EXPECT_EQ(drawn[i].index, all[i].index);
    }
  }
}

TEST_P(TaskContract, KeepsToTheLargestNumberOfBlocks) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_LE(scene(seed).blocks.size(), envs::kMostBlocks);
  }
}

// Regions are obstacles, too, except for the blocks that start in them.
TEST_P(TaskContract, NothingTouchesAtReset) {
  const auto is_exempt = [&](const EntityRef& entity) {
    return entity.kind == EntityKind::kBlock && has_crowded_blocks(GetParam());
  };
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const Scene scene = this->scene(seed);
    const auto all =
        envs::entities(scene, {EntityKind::kRegion, EntityKind::kBlock, EntityKind::kRobot});
    for (size_t i = 0; i < all.size(); ++i) {
      EXPECT_FALSE(!is_exempt(all[i]) && touches_wall(collision_shape(scene, all[i])))
          << "seed " << seed << ": " << i;
      for (size_t j = 0; j < i; ++j) {
        if (all[j].kind == EntityKind::kRegion && may_touch(scene, all[j], all[i])) continue;
        if (is_exempt(all[i]) && is_exempt(all[j])) continue;
        EXPECT_FALSE(touch(collision_shape(scene, all[i]), collision_shape(scene, all[j])))
            << "seed " << seed << ": entities " << i << " and " << j;
      }
    }
  }
}

TEST_P(TaskContract, TheSameActionsGiveTheSameBytes) {
  World a(scene(2));
  World b(scene(2));
  envs::Random random(5);

  for (int i = 0; i < 50; ++i) {
    const int action = random.below(envs::kActions);
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

TEST_P(TaskContract, StaysSoundUnderRandomActions) {
  expect_sound_under_random_actions(GetParam(), /*seed=*/0, /*steps=*/1000);
}

TEST_P(TaskContract, AnEpisodeEndsAfterItsLengthAndNotBefore) {
  envs::Env env(GetParam().task, GetParam().variant);
  env.reset(0);
  const int length = envs::find_task(GetParam().task).episode_length;

  for (int i = 1; i < length; ++i) {
    const envs::StepResult result = env.step(0);
    ASSERT_FALSE(result.truncated) << "step " << i;
    ASSERT_EQ(result.score, 0) << "step " << i;
  }

  EXPECT_TRUE(env.step(0).truncated);
}

INSTANTIATE_TEST_SUITE_P(AllTasks, TaskContract, testing::ValuesIn(all_task_cases()), name_of);

}  // namespace
}  // namespace mint::tests
