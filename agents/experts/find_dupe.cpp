#include "agents/experts/find_dupe.h"

#include <algorithm>

#include "agents/experts/region_plan.h"

namespace mint::experts {
namespace {

constexpr size_t kPlans = 15;  // tried before one is chosen
constexpr size_t kWanted = 2;  // blocks that are alike in the region

}  // namespace

// One alternative for each choice of the blocks that complete the pair.
std::vector<Plan> find_dupe_plans(const envs::Scene& scene, const envs::State& state,
                                  envs::Random& random) {
  std::vector<Errand> clearing;
  std::vector<int> outside;
  size_t missing = kWanted;
  for (int block = 0; block < static_cast<int>(state.blocks.size()); ++block) {
    const bool is_target =
        std::find(scene.targets.begin(), scene.targets.end(), block) != scene.targets.end();
    const bool is_inside = is_in_region(scene, state, scene.goal_region, block);
    if (is_target && is_inside && missing > 0) --missing;
    if (is_target && !is_inside) outside.push_back(block);
    if (!is_target && is_inside) clearing.push_back({block, kOutside});
  }
  if (missing == 0) return region_plans(scene, state, {clearing}, kPlans, random);
  std::vector<std::vector<Errand>> alternatives;
  for (size_t i = 0; i < outside.size(); ++i) {
    alternatives.push_back(clearing);
    for (size_t k = 0; k < missing; ++k) {
      alternatives.back().push_back({outside[(i + k) % outside.size()], scene.goal_region});
    }
  }
  return region_plans(scene, state, alternatives, kPlans, random);
}

}  // namespace mint::experts
