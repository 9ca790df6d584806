#include "agents/experts/move_to_corner.h"

namespace mint::experts {
namespace {

// The score is 1 within 0.707 of the corner (-1, 1); this place is 0.40 away.
constexpr envs::Vec2 kTarget = {-0.72, 0.72};
constexpr double kSpread = 0.08;  // of the target, each axis
constexpr double kLoose = 0.22;   // so a block that lies within 0.62 stays
constexpr int kPlans = 4;         // tried before one is chosen

}  // namespace

std::vector<Plan> move_to_corner_plans(const envs::Scene& scene, const envs::State&,
                                       envs::Random& random) {
  std::vector<Plan> plans;
  for (int i = 0; i < kPlans; ++i) {
    Job job;
    job.block = scene.targets.at(0);
    job.target = kTarget;
    job.target.x += random.uniform(-kSpread, kSpread);
    job.target.y += random.uniform(-kSpread, kSpread);
    job.loose = kLoose;
    plans.push_back({job});
  }
  return plans;
}

}  // namespace mint::experts
