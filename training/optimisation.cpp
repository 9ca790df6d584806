#include "training/optimisation.h"

#include <algorithm>
#include <utility>

#include "training/learning_rate.h"
#include "training/optimiser_step.h"

namespace mint::training {

Optimisation::Optimisation(torch::nn::Module& module, const OptimisationConfig& config,
                           std::string command, std::vector<std::vector<torch::Tensor>> groups)
    : config_(config),
      command_(std::move(command)),
      groups_(std::move(groups)),
      optimiser_(make_optimiser(config.optimiser, module.parameters(), config.learning_rate,
                                config.weight_decay)),
      average_(module, config.ema) {
  if (groups_.empty()) groups_ = {module.parameters()};
}

double Optimisation::step(const torch::Tensor& loss, const NamedValues& terms) {
  const double cooldown = std::min(config_.cooldown, 1 - config_.warmup);
  set_learning_rate(*optimiser_,
                    config_.learning_rate *
                        learning_rate_factor(steps_, config_.steps, config_.warmup, cooldown));
  const std::string where = command_ + ": step " + std::to_string(steps_ + 1);
  for (const auto& [name, value] : terms) require_finite(value, where + ": " + name);
  const double norm = optimiser_step(loss, *optimiser_, groups_, config_.gradient_clip, where);
  average_.update();
  ++steps_;
  return norm;
}

NamedTensors Optimisation::state() {
  auto tensors = optimiser_state(*optimiser_);
  tensors.merge(average_.state());
  return tensors;
}

void Optimisation::load(const NamedTensors& state, int64_t steps) {
  load_optimiser_state(*optimiser_, state);
  average_.load(state);
  steps_ = steps;
}

}  // namespace mint::training
