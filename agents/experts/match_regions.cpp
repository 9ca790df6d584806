#include "agents/experts/match_regions.h"

#include <algorithm>

#include "agents/experts/region_plan.h"

namespace mint::experts {
namespace {

constexpr size_t kPlans = 15;  // tried before one is chosen

}  // namespace

std::vector<Plan> match_regions_plans(const envs::Scene& scene, const envs::State& state,
                                      envs::Random& random) {
  std::vector<Errand> errands;
  for (int block = 0; block < static_cast<int>(state.blocks.size()); ++block) {
    const bool is_target =
        std::find(scene.targets.begin(), scene.targets.end(), block) != scene.targets.end();
    if (is_in_region(scene, state, scene.goal_region, block) == is_target) continue;
    errands.push_back({block, is_target ? scene.goal_region : kOutside});
  }
  return region_plans(scene, state, {errands}, kPlans, random);
}

}  // namespace mint::experts
