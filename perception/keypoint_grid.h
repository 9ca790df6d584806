// The coordinates of the two baseline detectors: -1 is the centre of the first cell of a grid, +1
// that of the last one (spec keypoint_baselines, notation).
#pragma once

#include <cstdint>

#include <torch/types.h>

namespace mint::perception {

// xy [.., 2] -> unnormalised Gaussians of peak value 1, [.., height, width]:
//   exp(-falloff_x (x - gx)^2 - falloff_y (y - gy)^2),  gx, gy = linspace(-1, 1, width or height)
torch::Tensor grid_gaussians(const torch::Tensor& xy, int64_t height, int64_t width,
                             double falloff_x, double falloff_y);

// Expectation of the cell centres: weights [.., height, width], positive, of any scale -> [.., 2].
// `guard` is added to the sum that divides.
torch::Tensor grid_expectation(const torch::Tensor& weights, double guard);

// xy [.., 2] on a grid of height x width cells -> fractions of the image in [0, 1): the centre of
// cell i of n lies at (i + 0.5) / n. The programs of the paper's comparison put cell 0 at the
// border and the last one outside (spec keypoint_baselines 1).
torch::Tensor grid_to_image_fraction(const torch::Tensor& xy, int64_t height, int64_t width);

}  // namespace mint::perception
