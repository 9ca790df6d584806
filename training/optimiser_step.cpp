#include "training/optimiser_step.h"

#include <cmath>
#include <stdexcept>

#include <torch/torch.h>

namespace mint::training {

double optimiser_step(const torch::Tensor& loss, torch::optim::Optimizer& optimiser,
                      const std::vector<torch::Tensor>& parameters, double clip,
                      const std::string& where) {
  const auto require_finite = [&](double value, const char* what) {
    if (!std::isfinite(value)) {
      throw std::runtime_error(where + ": " + what + ": expected a finite number, got " +
                               std::to_string(value));
    }
  };
  require_finite(loss.item<double>(), "loss");
  optimiser.zero_grad();
  loss.backward();
  const double norm = torch::nn::utils::clip_grad_norm_(parameters, clip);
  require_finite(norm, "gradient norm");
  optimiser.step();
  return norm;
}

void set_learning_rate(torch::optim::Optimizer& optimiser, double learning_rate) {
  for (auto& group : optimiser.param_groups()) {
    static_cast<torch::optim::AdamOptions&>(group.options()).lr(learning_rate);
  }
}

}  // namespace mint::training
