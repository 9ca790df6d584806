#include "agents/experts/move_to_corner.h"

#include "agents/experts/pick_and_place.h"

namespace mint::experts {
namespace {

// The score is 1 within 0.707 of the corner (-1, 1); this place is 0.40 away.
constexpr envs::Vec2 kTarget = {-0.72, 0.72};
constexpr double kSpread = 0.08;  // of the target, each axis
constexpr double kLoose = 0.22;   // so a block that lies within 0.62 stays

class MoveToCorner : public Expert {
 public:
  explicit MoveToCorner(const Job& job) : job_(job) {}

  int act(const envs::Scene&, const envs::State& state, int) override {
    return envs::encode_action(pick_and_place(state, job_));
  }

 private:
  Job job_;
};

}  // namespace

std::unique_ptr<Expert> move_to_corner_expert(const envs::Scene& scene, envs::Random& random,
                                              const ExpertOptions& options) {
  Job job;
  job.block = scene.targets.at(0);
  job.target = kTarget;
  job.loose = kLoose;
  if (!options.deterministic) {
    job.target.x += random.uniform(-kSpread, kSpread);
    job.target.y += random.uniform(-kSpread, kSpread);
  }
  return std::make_unique<MoveToCorner>(job);
}

}  // namespace mint::experts
