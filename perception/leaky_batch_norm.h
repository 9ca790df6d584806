// LeakyReLU followed by batch normalisation as one operation.
//
// Equal to the library's modules up to rounding; a few passes over memory instead of a dozen.
#pragma once

#include <vector>

#include <torch/nn/modules/batchnorm.h>
#include <torch/types.h>

#include "perception/channel_norm.h"

namespace mint::perception {

// x [N, C, H, W], float32 or float64 on the CPU -> the same shape. `norm` holds weight, bias and
// running statistics; in training mode the batch statistics are used and the running ones move with
// norm.options.momentum(), or become the plain average of all batches if that is empty.
torch::Tensor leaky_batch_norm(const torch::Tensor& x, torch::nn::BatchNorm2dImpl& norm,
                               double slope);

// For operations that normalise on their own: all channels' ChannelNorm as a double tensor [C, 4],
// which autograd can save. In training mode from the moments of the batch by channel, and the
// running statistics move; otherwise from the running statistics.
torch::Tensor make_channel_norms(torch::nn::BatchNorm2dImpl& norm,
                                 const std::vector<Moments>& batch);
const ChannelNorm* channel_norms(const torch::Tensor& saved);  // its rows

}  // namespace mint::perception
