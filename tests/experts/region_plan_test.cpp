// Plans to bring blocks into and out of regions.
#include "agents/experts/region_plan.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "envs/region.h"
#include "envs/task.h"

namespace mint::experts {
namespace {

bool lies_in(const envs::Region& region, const envs::Vec2& place) {
  return envs::contains(region, {place.x, place.y, 0});
}

// MatchRegions' Demo: blocks 0 and 1 are the targets, none is in the region yet.
class RegionPlans : public testing::Test {
 protected:
  std::vector<Plan> plans(const std::vector<std::vector<Errand>>& alternatives) {
    return region_plans(scene, state, alternatives, 10, random);
  }

  const envs::Scene scene = envs::sample_scene("MatchRegions", "Demo", 0);
  envs::State state = envs::initial_state(scene);
  envs::Random random{1};
};

TEST_F(RegionPlans, SendEveryBlockWhereItsErrandSays) {
  const auto result = plans({{{0, 0}, {2, kOutside}}});

  ASSERT_FALSE(result.empty());
  for (const Plan& plan : result) {
    for (const Job& job : plan) EXPECT_EQ(lies_in(scene.regions[0], job.target), job.block == 0);
    for (const int block : {0, 2}) {
      EXPECT_EQ(std::count_if(plan.begin(), plan.end(),
                              [&](const Job& job) { return job.block == block; }),
                1);
    }
  }
}

TEST_F(RegionPlans, ChooseTheNearerOfTwoAlternatives) {
  state.robot.pose = {-0.3, 0.6, 0};
  const auto result = plans({{{0, 0}}, {{1, 0}}});  // block 1 is near the robot and the region

  ASSERT_FALSE(result.empty());
  EXPECT_EQ(result.front().front().block, 1);
}

TEST_F(RegionPlans, TakeANeighbourOutOfTheWayInTheLastOnes) {
  state.blocks[2].pose = state.blocks[0].pose;
  state.blocks[2].pose.y += 0.3;
  const auto result = plans({{{0, 0}}});

  ASSERT_GT(result.size(), 1u);
  EXPECT_EQ(result.front().size(), 1u);
  ASSERT_EQ(result.back().size(), 2u);
  EXPECT_NE(result.back()[0].block, 0);
  EXPECT_FALSE(lies_in(scene.regions[0], result.back()[0].target));
  EXPECT_EQ(result.back()[1].block, 0);
}

TEST_F(RegionPlans, LeaveBlocksInARegionThatHaveNoErrand) {
  state.blocks[0].pose = {0.3, 0.5, 0};
  state.blocks[1].pose = {0.05, 0.5, 0};  // beside block 0, outside the region

  const auto result = plans({{{1, 0}}});

  ASSERT_FALSE(result.empty());
  for (const Plan& plan : result) {
    for (const Job& job : plan) EXPECT_NE(job.block, 0);
  }
}

TEST(IsInRegion, AsksForTheBlocksCentre) {
  const envs::Scene scene = envs::sample_scene("FindDupe", "Demo", 0);
  const envs::State state = envs::initial_state(scene);
  const int query = static_cast<int>(scene.blocks.size()) - 1;

  EXPECT_TRUE(is_in_region(scene, state, 0, query));
  EXPECT_FALSE(is_in_region(scene, state, 0, 0));
}

}  // namespace
}  // namespace mint::experts
