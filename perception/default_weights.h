// Initial weights drawn from a generator of our own, so that a seed fixes them whatever the global
// generator did before.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

namespace mint::perception {

enum class WeightBound {
  kLibrary,    // the library's default, sqrt(1 / fan_in)
  kHeUniform,  // sqrt(6 / fan_in)
};

// Draws every convolution of the module uniformly: weights within `bound`, biases within
// sqrt(1 / fan_in). As in the library, fan_in of a transposed convolution counts its outputs.
// Normalisation layers keep their ones and zeros.
void draw_default_weights(torch::nn::Module& module, WeightBound bound, at::Generator generator);

}  // namespace mint::perception
