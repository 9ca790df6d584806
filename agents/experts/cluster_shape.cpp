#include "agents/experts/cluster_shape.h"

#include "agents/experts/cluster_plan.h"
#include "agents/experts/plan_trials.h"

namespace mint::experts {
namespace {

std::vector<Plan> propose(const envs::Scene& scene, const envs::State& state,
                          envs::Random& random) {
  std::vector<int> groups;
  for (const envs::Block& block : scene.blocks) groups.push_back(static_cast<int>(block.shape));
  return cluster_plans(state, groups, random);
}

}  // namespace

std::unique_ptr<Expert> cluster_shape_expert(const envs::Scene&, envs::Random& random,
                                             const ExpertOptions& options) {
  return planning_expert(propose, options.deterministic ? envs::Random(0) : random);
}

}  // namespace mint::experts
