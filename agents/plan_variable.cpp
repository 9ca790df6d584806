#include "agents/plan_variable.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "dynamics/require_shape.h"

namespace mint::agents {
namespace {

using torch::Tensor;

void require_plan(int64_t least, int64_t most, int64_t plans) {
  if (least >= -1 && most < plans) return;
  throw std::invalid_argument("PlanVariable: plan: expected -1 .. " + std::to_string(plans - 1) +
                              ", got " + std::to_string(least < -1 ? least : most));
}

}  // namespace

PlanVariableImpl::PlanVariableImpl(const PlanConfig& config) : config_(config) {
  if (config.plans == 0) return;
  vectors_ = register_module("vectors", torch::nn::Embedding(config.plans + 1, config.width));
  chosen_ = register_buffer("chosen", torch::full({}, -1, torch::kInt64));
}

Tensor PlanVariableImpl::forward(const Observation& observation, int64_t count,
                                 at::Generator* noise) {
  if (config_.plans == 0) return {};
  Tensor plan = observation.plan;
  if (plan.defined()) {
    dynamics::require_shape("PlanVariable", "plan", plan, count, {});
    require_plan(plan.min().item<int64_t>(), plan.max().item<int64_t>(), config_.plans);
  } else {
    plan = chosen_.expand({count});
  }
  Tensor is_free = plan.lt(0);
  if (noise && config_.dropout > 0) {
    is_free =
        is_free.logical_or(torch::rand({count}, *noise).lt(config_.dropout).to(plan.device()));
  }
  return vectors_->forward(plan.masked_fill(is_free, config_.plans));
}

void PlanVariableImpl::choose(int64_t plan) {
  if (config_.plans == 0) return;
  require_plan(plan, plan, config_.plans);
  chosen_.fill_(plan);
}

FilmImpl::FilmImpl(int64_t plan_width, int64_t features) {
  if (plan_width == 0) return;
  modulation_ = register_module("modulation", torch::nn::Linear(plan_width, 2 * features));
}

Tensor FilmImpl::forward(const Tensor& features, const Tensor& plan) {
  if (!modulation_) return features;
  std::vector<int64_t> shape(static_cast<size_t>(features.dim()), 1);
  shape.front() = features.size(0);
  shape.back() = features.size(-1);
  const auto parts = modulation_->forward(plan).chunk(2, 1);
  return torch::addcmul(parts[1].view(shape), features, 1 + parts[0].view(shape));
}

}  // namespace mint::agents
