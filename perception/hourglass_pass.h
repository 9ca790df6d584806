// The whole network with its soft-argmax as one differentiable operation, float32 on the CPU: what
// training and inference run. The plain version is the list of library modules of
// perception/hourglass.h; tests compare them.
//
// Per block only the output of the convolution is stored. Normalised maps, gradients of
// activations and the maps before the softplus exist one channel of one image at a time, in the
// cache, between the convolution that makes them and the one that uses them.
#pragma once

#include <vector>

#include <torch/nn/modules/batchnorm.h>
#include <torch/types.h>

#include "perception/soft_argmax.h"

namespace mint::perception {

// One of the six blocks: convolution (transposed from the fourth on), LeakyReLU, normalisation.
struct HourglassBlock {
  torch::Tensor weight, bias;  // of the convolution
  torch::nn::BatchNorm2dImpl* norm = nullptr;
};

// images [N, 3, H, W], uint8 or float32 with values 0..255, no gradient. The running statistics of
// the norms move as the library moves them. Differentiable with respect to all parameters.
SoftArgmax hourglass_pass(const torch::Tensor& images, const std::vector<HourglassBlock>& blocks,
                          double slope);

}  // namespace mint::perception
