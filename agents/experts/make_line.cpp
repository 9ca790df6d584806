#include "agents/experts/make_line.h"

#include "agents/experts/line_plan.h"
#include "agents/experts/plan_trials.h"

namespace mint::experts {
namespace {

constexpr size_t kPlans = 20;  // tried before one is chosen

std::vector<Plan> propose(const envs::Scene& scene, const envs::State& state,
                          envs::Random& random) {
  return line_plans(state, scene.targets, kPlans, random);
}

}  // namespace

std::unique_ptr<Expert> make_line_expert(const envs::Scene&, envs::Random& random,
                                         const ExpertOptions& options) {
  return planning_expert(propose, options.deterministic ? envs::Random(0) : random);
}

}  // namespace mint::experts
