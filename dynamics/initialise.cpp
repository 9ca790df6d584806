#include "dynamics/initialise.h"

#include <cmath>

#include <torch/torch.h>

namespace mint::dynamics {

void initialise(torch::nn::Module& module, at::Generator generator) {
  torch::NoGradGuard no_grad;
  if (auto* linear = module.as<torch::nn::Linear>()) {
    const double bound = 1 / std::sqrt(static_cast<double>(linear->weight.size(1)));
    linear->weight.uniform_(-bound, bound, generator);
    if (linear->bias.defined()) linear->bias.uniform_(-bound, bound, generator);
  }
  // Not modules(), which needs a shared_ptr: a constructor may call this with *this.
  for (const auto& child : module.children()) initialise(*child, generator);
}

}  // namespace mint::dynamics
