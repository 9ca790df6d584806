// Transposed convolution, kernel 3 x 3, no padding, one group: the upper half of the network. Does
// what torch::conv_transpose2d does, faster on the CPU.
#pragma once

#include <torch/types.h>

namespace mint::perception {

// x [N, C, h, w], weight [C, C', 3, 3], bias [C'] -> [N, C', (h-1) stride + 3, (w-1) stride + 3].
// Differentiable with respect to all three.
torch::Tensor transposed_convolution(const torch::Tensor& x, const torch::Tensor& weight,
                                     const torch::Tensor& bias, int64_t stride);

}  // namespace mint::perception
