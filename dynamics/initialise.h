// Weights that depend on a seed alone, not on what else has used the global generator.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

namespace mint::dynamics {

// Draws every torch::nn::Linear below `module`, in the order of registration, from PyTorch's
// default distribution: weights and biases uniform in +-1/sqrt(inputs).
void initialise(torch::nn::Module& module, at::Generator generator);

}  // namespace mint::dynamics
