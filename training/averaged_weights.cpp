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

}  // namespace mint::training
