// Gaussians and heatmaps of keypoints (spec 4.4) as plain tensors: the readable form of what
// mint_loss computes in windows. For pictures and tests; training does not use it.
#pragma once

#include <torch/types.h>

#include "perception/heatmap_grid.h"

namespace mint::perception {

// coords [N, K, 2] in [0, 1) -> G [N, K, HH, WW] = exp(-|p - mu|^2 / sigma^2), mu = (x WW, y HH).
// No factor 1/2, not normalised. sigma in pixels of the grid.
torch::Tensor gaussians(const torch::Tensor& coords, HeatmapGrid grid, double sigma);

// h = min(eta * relu(G - tau), 1).
torch::Tensor heatmaps(const torch::Tensor& gaussians, double tau, double eta);

}  // namespace mint::perception
