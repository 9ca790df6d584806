#include "training/step_means.h"

#include <utility>

#include <torch/torch.h>

namespace mint::training {
namespace {

const std::string kSum = "sum.";
const std::string kSumSteps = "sum_steps";

}  // namespace

void StepMeans::add(const NamedValues& values) {
  for (const auto& [name, value] : values) sums_[name] += value;
  ++steps_;
}

std::map<std::string, double> StepMeans::take() {
  auto means = std::exchange(sums_, {});
  for (auto& [name, value] : means) value /= static_cast<double>(steps_);
  steps_ = 0;
  return means;
}

NamedTensors StepMeans::state() const {
  NamedTensors tensors;
  tensors[kSumSteps] = torch::tensor(steps_);
  for (const auto& [name, sum] : sums_) {
    tensors[kSum + name] = torch::tensor(sum, torch::kFloat64);
  }
  return tensors;
}

void StepMeans::load(const NamedTensors& state) {
  sums_.clear();
  steps_ = tensor_of(state, kSumSteps, {}).item<int64_t>();
  for (const auto& [name, value] : state) {
    if (name.rfind(kSum, 0) == 0) sums_[name.substr(kSum.size())] = value.item<double>();
  }
}

}  // namespace mint::training
