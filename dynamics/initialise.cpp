#include "dynamics/initialise.h"

#include <cmath>

#include <torch/torch.h>

namespace mint::dynamics {

void initialise(torch::nn::Module& module, at::Generator generator) {
  torch::NoGradGuard no_grad;
  for (const auto& part : module.modules()) {
    auto* linear = part->as<torch::nn::Linear>();
    if (!linear) continue;
    const double bound = 1 / std::sqrt(static_cast<double>(linear->weight.size(1)));
    linear->weight.uniform_(-bound, bound, generator);
    if (linear->bias.defined()) linear->bias.uniform_(-bound, bound, generator);
  }
}

}  // namespace mint::dynamics
