#include "agents/experts/cluster_colour.h"

#include "agents/experts/cluster_plan.h"

namespace mint::experts {

std::vector<Plan> cluster_colour_plans(const envs::Scene& scene, const envs::State& state,
                                       envs::Random& random) {
  std::vector<int> groups;
  for (const envs::Block& block : scene.blocks) groups.push_back(static_cast<int>(block.colour));
  return cluster_plans(state, groups, random);
}

}  // namespace mint::experts
