#include "perception/transporter_maps.h"

#include <torch/torch.h>

#include "perception/keypoint_grid.h"

namespace mint::perception {

using torch::Tensor;

Tensor transporter_keypoints(const Tensor& scores) {
  return grid_expectation(scores.flatten(2).softmax(2).view_as(scores), /*guard=*/0);
}

Tensor transporter_heatmaps(const Tensor& keypoints, int64_t height, int64_t width,
                            double inverse_std) {
  const double falloff = inverse_std * inverse_std;
  return grid_gaussians(keypoints, height, width, falloff, falloff);
}

Tensor transport(const Tensor& source_features, const Tensor& target_features,
                 const Tensor& source_heatmaps, const Tensor& target_heatmaps, Transport rule) {
  Tensor source_share, target_share;  // [N, 1, h, w]
  if (rule == Transport::kSummed) {
    target_share = target_heatmaps.sum(1, /*keepdim=*/true);
    source_share = (1 - source_heatmaps.sum(1, /*keepdim=*/true)) * (1 - target_share);
  } else {
    // F_k = kept_k F_{k-1} + h_k(target) F(target), unrolled into the two factors.
    const Tensor kept = (1 - source_heatmaps) * (1 - target_heatmaps);
    source_share = kept.slice(1, 0, 1);
    target_share = target_heatmaps.slice(1, 0, 1);
    for (int64_t k = 1; k < kept.size(1); ++k) {
      const Tensor kept_k = kept.slice(1, k, k + 1);
      source_share = source_share * kept_k;
      target_share = target_share * kept_k + target_heatmaps.slice(1, k, k + 1);
    }
  }
  return source_features * source_share + target_features * target_share;
}

}  // namespace mint::perception
