#include "training/averaged_weights.h"

#include <algorithm>

#include <torch/torch.h>

namespace mint::training {

AveragedWeights::AveragedWeights(torch::nn::Module& module, double decay) : decay_(decay) {
  if (decay_ == 0) return;
  torch::NoGradGuard no_grad;
  for (const auto& parameter : module.parameters()) {
    parameters_.push_back(parameter);
    averages_.push_back(parameter.detach().clone());
  }
}

void AveragedWeights::update() {
  torch::NoGradGuard no_grad;
  const auto n = static_cast<double>(updates_++);
  const double decay = std::min(decay_, (1 + n) / (10 + n));
  for (size_t i = 0; i < averages_.size(); ++i) averages_[i].lerp_(parameters_[i], 1 - decay);
}

void AveragedWeights::exchange() {
  torch::NoGradGuard no_grad;
  for (size_t i = 0; i < averages_.size(); ++i) {
    const auto parameter = parameters_[i].clone();
    parameters_[i].copy_(averages_[i]);
    averages_[i].copy_(parameter);
  }
}

NamedTensors AveragedWeights::state() const {
  NamedTensors tensors;
  if (decay_ == 0) return tensors;
  tensors["averaged_steps"] = torch::tensor(updates_);
  for (size_t i = 0; i < averages_.size(); ++i) tensors["last." + std::to_string(i)] = averages_[i];
  return tensors;
}

void AveragedWeights::load(const NamedTensors& state) {
  if (decay_ == 0) return;
  torch::NoGradGuard no_grad;
  updates_ = tensor_of(state, "averaged_steps", {}).item<int64_t>();
  for (size_t i = 0; i < averages_.size(); ++i) {
    averages_[i].copy_(tensor_of(state, "last." + std::to_string(i), averages_[i].sizes()));
  }
}

}  // namespace mint::training
