// Weights that depend on a seed alone, not on what else has used the global generator.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

namespace mint::dynamics {

// Draws every torch::nn::Linear, Conv2d and Embedding below `module`, in the order of registration,
// from PyTorch's default distribution: weights and biases uniform in +-1/sqrt(inputs), embeddings
// normal. Normalisation layers start the same anyway.
void initialise(torch::nn::Module& module, at::Generator generator);

}  // namespace mint::dynamics
