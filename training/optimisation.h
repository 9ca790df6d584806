// What all training loops share: the optimiser, the course of its learning rate, clipped gradients,
// averaged weights, the count of the steps; and its whole state, to be resumed bit for bit.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include "training/averaged_weights.h"
#include "training/optimiser_state.h"
#include "training/run_directory.h"

namespace mint::training {

struct OptimisationConfig {
  int64_t steps = 0;               // of the whole training
  std::string optimiser = "adam";  // see make_optimiser
  double learning_rate = 1e-3;     // at most
  double warmup = 0;               // share of the steps in which it rises from 0
  double cooldown = 0;  // in which it falls to 0 along a cosine; at most what warm-up leaves
  double weight_decay = 0;
  double gradient_clip = 0;  // L2 norm, of each group of parameters; 0: none
  double ema = 0;            // decay of the averaged weights; 0: none
};

// The settings of these names in a command's configuration.
template <class Config>
OptimisationConfig optimisation_of(const Config& c) {
  return {c.steps,    c.optimiser,    c.learning_rate, c.warmup,
          c.cooldown, c.weight_decay, c.gradient_clip, c.ema};
}

class Optimisation {
 public:
  // `module` is borrowed. The gradients of each of `groups`, which hold all its parameters, are
  // clipped apart; without any, all of them together. `command` begins messages: "pretrain".
  Optimisation(torch::nn::Module& module, const OptimisationConfig& config, std::string command,
               std::vector<std::vector<torch::Tensor>> groups = {});

  // One step along the gradient of `loss`, of which `terms` are the parts. Returns the gradient's
  // norm before clipping. Throws NotFinite `pretrain: step 7: transport: expected a finite
  // number, got nan` for a term, the loss or the norm, before any weight has changed.
  double step(const torch::Tensor& loss, const NamedValues& terms);

  int64_t steps() const { return steps_; }  // done
  bool is_done() const { return steps_ >= config_.steps; }

  // Swaps the averaged weights and the module's; nothing without an average.
  void exchange_average() { average_.exchange(); }

  // Everything but the module's own tensors, which a checkpoint holds with the averaged weights
  // swapped in: both are only called in that state. The tensors share memory with it.
  NamedTensors state();
  // Throws std::runtime_error as load_optimiser_state() for the state of something else.
  void load(const NamedTensors& state, int64_t steps);

 private:
  OptimisationConfig config_;
  std::string command_;
  std::vector<std::vector<torch::Tensor>> groups_;
  std::unique_ptr<torch::optim::Optimizer> optimiser_;
  AveragedWeights average_;
  int64_t steps_ = 0;
};

}  // namespace mint::training
