#include "agents/experts/fix_colour.h"

#include "agents/experts/region_plan.h"

namespace mint::experts {
namespace {

constexpr size_t kPlans = 15;  // tried before one is chosen

bool is_in_any_region(const envs::Scene& scene, const envs::State& state, int block) {
  for (int region = 0; region < static_cast<int>(scene.regions.size()); ++region) {
    if (is_in_region(scene, state, region, block)) return true;
  }
  return false;
}

}  // namespace

std::vector<Plan> fix_colour_plans(const envs::Scene& scene, const envs::State& state,
                                   envs::Random& random) {
  std::vector<Errand> errands;
  for (int region = 0; region < static_cast<int>(scene.regions.size()); ++region) {
    const int block = scene.targets.at(region);
    if (scene.blocks.at(block).colour == scene.regions[region].colour) {
      if (!is_in_region(scene, state, region, block)) errands.push_back({block, region});
    } else if (is_in_any_region(scene, state, block)) {
      errands.push_back({block, kOutside});
    }
  }
  return region_plans(scene, state, {errands}, kPlans, random);
}

}  // namespace mint::experts
