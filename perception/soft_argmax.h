// From feature maps to keypoints (spec 4.1, 4.2): the centre of mass of exp(softplus(u)) and the
// maximum of softplus(u), per map, as one differentiable operation in a few passes over the maps.
//
// Uses exp(softplus(u)) = 1 + exp(u): no logarithm, one exponential per pixel.
#pragma once

#include <torch/types.h>

namespace mint::perception {

struct SoftArgmax {
  torch::Tensor coords;      // [N, K, 2], (x, y) as fractions of the grid, 0 .. (WW-1)/WW
  torch::Tensor activation;  // [N, K], maximum of softplus(u)
};

// u [N, K, HH, WW], before the softplus; float32 or float64 on the CPU. The gradient of a maximum
// that occurs several times is spread evenly over all of them.
SoftArgmax soft_argmax(const torch::Tensor& u);

inline constexpr double kStatusSlope = 1000;

// s = sigmoid(1000 (activation - gamma)): 0 or 1 except within about 0.01 of gamma.
torch::Tensor keypoint_status(const torch::Tensor& activation, double gamma);

}  // namespace mint::perception
