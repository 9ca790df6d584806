#include "agents/experts/make_line.h"

#include "agents/experts/line_plan.h"

namespace mint::experts {
namespace {

constexpr size_t kPlans = 20;  // tried before one is chosen

}  // namespace

std::vector<Plan> make_line_plans(const envs::Scene& scene, const envs::State& state,
                                  envs::Random& random) {
  return line_plans(state, scene.targets, kPlans, random);
}

}  // namespace mint::experts
