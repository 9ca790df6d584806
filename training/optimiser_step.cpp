#include "training/optimiser_step.h"

#include <cmath>
#include <limits>

#include <torch/torch.h>

namespace mint::training {

void require_finite(double value, const std::string& where) {
  if (std::isfinite(value)) return;
  throw NotFinite(where + ": expected a finite number, got " + std::to_string(value));
}

double optimiser_step(const torch::Tensor& loss, torch::optim::Optimizer& optimiser,
                      const std::vector<std::vector<torch::Tensor>>& groups, double clip,
                      const std::string& where) {
  require_finite(loss.item<double>(), where + ": loss");
  optimiser.zero_grad();
  loss.backward();
  double squares = 0;
  for (const auto& group : groups) {
    const double limit = clip > 0 ? clip : std::numeric_limits<float>::max();
    const double norm = torch::nn::utils::clip_grad_norm_(group, limit);
    squares += norm * norm;
  }
  const double norm = std::sqrt(squares);
  require_finite(norm, where + ": gradient norm");
  optimiser.step();
  return norm;
}

double optimiser_step(const torch::Tensor& loss, torch::optim::Optimizer& optimiser,
                      const std::vector<torch::Tensor>& parameters, double clip,
                      const std::string& where) {
  return optimiser_step(loss, optimiser, std::vector<std::vector<torch::Tensor>>{parameters}, clip,
                        where);
}

std::unique_ptr<torch::optim::Optimizer> make_optimiser(
    const std::string& name, const std::vector<torch::Tensor>& parameters, double learning_rate,
    double weight_decay) {
  if (name == "adamw") {
    return std::make_unique<torch::optim::AdamW>(
        parameters, torch::optim::AdamWOptions(learning_rate).weight_decay(weight_decay));
  }
  return std::make_unique<torch::optim::Adam>(
      parameters, torch::optim::AdamOptions(learning_rate).weight_decay(weight_decay));
}

void set_learning_rate(torch::optim::Optimizer& optimiser, double learning_rate) {
  for (auto& group : optimiser.param_groups()) {
    group.options().set_lr(learning_rate);
  }
}

}  // namespace mint::training
