#include "dynamics/initialise.h"

#include <cmath>

#include <torch/torch.h>

namespace mint::dynamics {
namespace {

// `weight` [outputs, inputs...].
void draw(torch::Tensor weight, torch::Tensor bias, at::Generator& generator) {
  const auto inputs = static_cast<double>(weight.numel() / weight.size(0));
  const double bound = 1 / std::sqrt(inputs);
  weight.uniform_(-bound, bound, generator);
  if (bias.defined()) bias.uniform_(-bound, bound, generator);
}

}  // namespace

void initialise(torch::nn::Module& module, at::Generator generator) {
  torch::NoGradGuard no_grad;
  if (auto* linear = module.as<torch::nn::Linear>()) {
    draw(linear->weight, linear->bias, generator);
  } else if (auto* convolution = module.as<torch::nn::Conv2d>()) {
    draw(convolution->weight, convolution->bias, generator);
  } else if (auto* embedding = module.as<torch::nn::Embedding>()) {
    embedding->weight.normal_(0, 1, generator);
  }
  // Not modules(), which needs a shared_ptr: a constructor may call this with *this.
  for (const auto& child : module.children()) initialise(*child, generator);
}

}  // namespace mint::dynamics
