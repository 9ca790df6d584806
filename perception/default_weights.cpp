#include "perception/default_weights.h"

#include <cmath>

#include <torch/torch.h>

namespace mint::perception {

void draw_default_weights(torch::nn::Module& module, WeightBound bound, at::Generator generator) {
  const torch::NoGradGuard no_grad;
  for (auto& layer : module.modules(/*include_self=*/false)) {
    torch::Tensor weight, bias;
    if (auto* convolution = layer->as<torch::nn::Conv2dImpl>()) {
      weight = convolution->weight;
      bias = convolution->bias;
    } else if (auto* transposed = layer->as<torch::nn::ConvTranspose2dImpl>()) {
      weight = transposed->weight;
      bias = transposed->bias;
    } else {
      continue;
    }
    const double unit = std::sqrt(1.0 / static_cast<double>(weight[0].numel()));
    const double limit = bound == WeightBound::kHeUniform ? std::sqrt(6.0) * unit : unit;
    weight.uniform_(-limit, limit, generator);
    bias.uniform_(-unit, unit, generator);
  }
}

}  // namespace mint::perception
