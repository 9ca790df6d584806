// LeakyReLU followed by batch normalisation as one operation, and the same followed by the
// soft-argmax: the two ways in which a block of the network ends (spec 3.2).
//
// Equal to the library's modules up to rounding; a few passes over memory instead of a dozen.
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/types.h>

#include "perception/soft_argmax.h"

namespace mint::perception {

// x [N, C, H, W], float32 or float64 on the CPU -> the same shape. `norm` holds weight, bias and
// running statistics; in training mode the batch statistics are used and the running ones move with
// norm.options.momentum(), or become the plain average of all batches if that is empty.
torch::Tensor leaky_batch_norm(const torch::Tensor& x, torch::nn::BatchNorm2dImpl& norm,
                               double slope);

// soft_argmax(leaky_batch_norm(x)), without its intermediate tensor.
SoftArgmax leaky_batch_norm_soft_argmax(const torch::Tensor& x, torch::nn::BatchNorm2dImpl& norm,
                                        double slope);

}  // namespace mint::perception
