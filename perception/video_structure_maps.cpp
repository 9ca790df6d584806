#include "perception/video_structure_maps.h"

#include <torch/torch.h>

#include "perception/keypoint_grid.h"

namespace mint::perception {
namespace {

using torch::Tensor;

// 1 / (2 sigma^2) of the Gaussian maps along an axis of `cells` cells.
double map_falloff(int64_t cells) {
  const double sigma = 1.5 / static_cast<double>(cells);
  return 1 / (2 * sigma * sigma);
}

}  // namespace

StructureKeypoints structure_keypoints(const Tensor& heatmaps, const StructureGuards& guards,
                                       bool self_normalised) {
  const Tensor mean = heatmaps.mean({-2, -1});
  const Tensor largest = self_normalised ? mean : mean.amax(-1, /*keepdim=*/true);
  return {grid_expectation(heatmaps + guards.cell, guards.sum),
          mean / (largest + guards.intensity)};
}

Tensor structure_maps(const StructureKeypoints& keypoints, int64_t height, int64_t width) {
  return keypoints.intensity.unsqueeze(-1).unsqueeze(-1) *
         grid_gaussians(keypoints.xy, height, width, map_falloff(width), map_falloff(height));
}

Tensor separation_loss(const Tensor& xy, double sigma) {
  const int64_t K = xy.size(2);
  if (K < 2) return xy.sum() * 0;
  const Tensor centred = xy - xy.mean(1, /*keepdim=*/true);
  const Tensor distance =
      (centred.unsqueeze(3) - centred.unsqueeze(2)).square().sum(-1).mean(1);  // d_kj [B, K, K]
  const Tensor likeness = torch::exp(distance * (-1 / (2 * sigma * sigma))).mean(0).sum();
  const auto count = static_cast<double>(K);
  return (likeness - count) / (count * (count - 1));
}

Tensor structure_reconstruction_loss(const Tensor& reconstruction, const Tensor& frames) {
  return (reconstruction - frames).square().sum({2, 3, 4}).mean() * 0.5;
}

Tensor sparsity_loss(const Tensor& heatmaps) {
  return heatmaps.mean({-2, -1}).abs().mean();
}

}  // namespace mint::perception
