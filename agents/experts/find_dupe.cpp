#include "agents/experts/find_dupe.h"

#include <algorithm>

#include "agents/experts/region_plan.h"

namespace mint::experts {
namespace {

constexpr size_t kPlans = 20;  // tried before one is chosen
constexpr size_t kWanted = 2;  // blocks that are alike in the region

// One alternative for each choice of a block that completes the pair.
std::vector<Plan> propose(const envs::Scene& scene, const envs::State& state,
                          envs::Random& random) {
  std::vector<Errand> clearing;
  std::vector<int> inside;
  std::vector<int> outside;
  for (int block = 0; block < static_cast<int>(state.blocks.size()); ++block) {
    const bool is_target =
        std::find(scene.targets.begin(), scene.targets.end(), block) != scene.targets.end();
    const bool is_inside = is_in_region(scene, state, scene.goal_region, block);
    if (is_target) {
      (is_inside ? inside : outside).push_back(block);
    } else if (is_inside) {
      clearing.push_back({block, kOutside});
    }
  }
  std::vector<std::vector<Errand>> alternatives;
  if (inside.size() >= kWanted) {
    alternatives.push_back(clearing);
  } else if (inside.size() + 1 == kWanted) {
    for (const int block : outside) {
      alternatives.push_back(clearing);
      alternatives.back().push_back({block, scene.goal_region});
    }
  } else {
    alternatives.push_back(clearing);
    for (size_t i = 0; i < kWanted; ++i) {
      alternatives.back().push_back({outside.at(i), scene.goal_region});
    }
  }
  return region_plans(scene, state, alternatives, kPlans, random);
}

}  // namespace

std::unique_ptr<Expert> find_dupe_expert(const envs::Scene&, envs::Random& random,
                                         const ExpertOptions& options) {
  return planning_expert(propose, options.deterministic ? envs::Random(0) : random);
}

}  // namespace mint::experts
