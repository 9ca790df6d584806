// Plans that bring every block nearest to its own group.
#include <vector>

#include <gtest/gtest.h>

#include "agents/experts/cluster_plan.h"
#include "envs/task.h"

namespace mint::experts {
namespace {

envs::State state_of(const std::vector<envs::Vec2>& blocks) {
  envs::State state;
  for (const envs::Vec2& block : blocks) state.blocks.push_back({{block.x, block.y, 0}});
  return state;
}

// Two groups of three and one of two.
const std::vector<int> kGroups = {0, 0, 0, 1, 1, 1, 2, 2};
const std::vector<envs::Vec2> kTidy = {{-0.7, 0.7}, {-0.7, 0.4}, {-0.4, 0.7}, {0.7, 0.7},
                                       {0.7, 0.4},  {0.4, 0.7},  {0.0, -0.6}, {0.3, -0.6}};

std::vector<int> groups_of(const envs::Scene& scene) {
  std::vector<int> groups;
  for (const envs::Block& block : scene.blocks) {
    const bool by_colour = scene.task == "ClusterColour";
    groups.push_back(by_colour ? static_cast<int>(block.colour) : static_cast<int>(block.shape));
  }
  return groups;
}

TEST(ClusterPlans, LeaveTidyBlocksWhereTheyAre) {
  envs::Random random(0);

  const auto plans = cluster_plans(state_of(kTidy), kGroups, random);

  ASSERT_FALSE(plans.empty());
  EXPECT_TRUE(plans.front().empty());
}

TEST(ClusterPlans, FetchTheOneBlockThatIsAstray) {
  std::vector<envs::Vec2> blocks = kTidy;
  blocks[4] = {-0.6, -0.6};  // nearer to both other groups
  envs::Random random(0);

  const auto plans = cluster_plans(state_of(blocks), kGroups, random);

  ASSERT_EQ(plans.front().size(), 1u);
  const Job& job = plans.front().front();
  EXPECT_EQ(job.block, 4);
  EXPECT_LT(envs::length(job.target - kTidy[3]), envs::length(job.target - kTidy[7]));
}

TEST(ClusterPlans, ScoreOneWhenTheyAreCarriedOut) {
  for (const char* task : {"ClusterColour", "ClusterShape"}) {
    for (int seed = 0; seed < 2; ++seed) {
      const envs::Scene scene = envs::sample_scene(task, "TestCountPlus", seed);
      envs::State state = envs::initial_state(scene);
      envs::Random random(seed);

      const auto plans = cluster_plans(state, groups_of(scene), random);
      for (const Job& job : plans.front()) {
        state.blocks[job.block].pose.x = job.target.x;
        state.blocks[job.block].pose.y = job.target.y;
      }

      EXPECT_EQ(envs::score(scene, state), 1) << task << " " << seed;
    }
  }
}

TEST(ClusterPlans, AreTheSameForTheSameGenerator) {
  const envs::Scene scene = envs::sample_scene("ClusterShape", "TestLayout", 3);
  const envs::State state = envs::initial_state(scene);
  envs::Random one(7);
  envs::Random other(7);

  const auto a = cluster_plans(state, groups_of(scene), one);
  const auto b = cluster_plans(state, groups_of(scene), other);

  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].size(), b[i].size());
    for (size_t k = 0; k < a[i].size(); ++k) {
      EXPECT_EQ(a[i][k].block, b[i][k].block);
      EXPECT_EQ(a[i][k].target.x, b[i][k].target.x);
    }
  }
}

}  // namespace
}  // namespace mint::experts
