#include "agents/experts/oracle.h"

namespace mint::experts {
namespace {

std::unique_ptr<Expert> nominal_expert(const envs::Scene& scene) {
  ExpertOptions options;
  options.deterministic = true;
  return make_expert(scene, /*seed=*/0, options);
}

}  // namespace

Oracle::Oracle(const envs::Scene& scene) : scene_(scene), expert_(nominal_expert(scene)) {}

int Oracle::label(const envs::State& state) {
  label_ = expert_->act(scene_, state, /*step=*/0);
  return label_;
}

void Oracle::executed(int action) {
  if (action != label_) expert_->overruled();
}

}  // namespace mint::experts
