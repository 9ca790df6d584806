// The step that all training loops share.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <torch/optim/optimizer.h>
#include <torch/types.h>

namespace mint::training {

// A number of the training is not finite: "pretrain: step 7: loss: expected a finite number, got
// nan".
class NotFinite : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws NotFinite `where: expected a finite number, got nan` for another.
void require_finite(double value, const std::string& where);

// Backward, clip the global L2 norm of the gradients, optimiser step. Returns the norm before
// clipping. Throws NotFinite before any weight has changed when the loss or the norm is not finite.
double optimiser_step(const torch::Tensor& loss, torch::optim::Optimizer& optimiser,
                      const std::vector<torch::Tensor>& parameters, double clip,
                      const std::string& where);

// The same with groups of parameters whose gradients are clipped apart, each to `clip` (0: none).
// Returns the norm of all of them together.
double optimiser_step(const torch::Tensor& loss, torch::optim::Optimizer& optimiser,
                      const std::vector<std::vector<torch::Tensor>>& groups, double clip,
                      const std::string& where);

// "adam" (L2 added to the gradient) or "adamw" (decoupled decay).
std::unique_ptr<torch::optim::Optimizer> make_optimiser(
    const std::string& name, const std::vector<torch::Tensor>& parameters, double learning_rate,
    double weight_decay);

// Sets the learning rate of all parameter groups.
void set_learning_rate(torch::optim::Optimizer& optimiser, double learning_rate);

}  // namespace mint::training
