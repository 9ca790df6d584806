#include "perception/heatmaps.h"

#include <torch/torch.h>

namespace mint::perception {

torch::Tensor gaussians(const torch::Tensor& coords, HeatmapGrid grid, double sigma) {
  const auto factor = [&](int64_t axis, int64_t n) {  // [N, K, n]
    const torch::Tensor mu = coords.select(2, axis).unsqueeze(2) * static_cast<double>(n);
    return torch::exp(-(torch::arange(n, coords.options()) - mu).square() / (sigma * sigma));
  };
  return factor(1, grid.height).unsqueeze(3) * factor(0, grid.width).unsqueeze(2);
}

torch::Tensor heatmaps(const torch::Tensor& gaussians, double tau, double eta) {
  return torch::clamp_max(eta * torch::relu(gaussians - tau), 1.0);
}

}  // namespace mint::perception
