// From score maps to keypoints, and the transport of features from a source to a target frame
// (Kulkarni et al. 2019; spec keypoint_baselines 2.2, 2.3). Free of weights; any floating dtype.
#pragma once

#include <torch/types.h>

namespace mint::perception {

// Keypoints of the joint softmax over the cells of each map: scores [N, K, h, w] -> [N, K, 2],
// (x, y) as in perception/keypoint_grid.h.
torch::Tensor transporter_keypoints(const torch::Tensor& scores);

// [N, K, 2] -> [N, K, h, w], peak 1: exp(-(inverse_std distance)^2).
torch::Tensor transporter_heatmaps(const torch::Tensor& keypoints, int64_t height, int64_t width,
                                   double inverse_std);

enum class Transport {
  kSummed,      // heatmaps are summed over the keypoints first; factors may become negative
  kSequential,  // keypoint by keypoint, as in the original
};

// Features and heatmaps of the source and target frames, [N, C, h, w] and [N, K, h, w] -> mixed
// features [N, C, h, w]. Both rules are a F(source) + b F(target) with one a and b per cell.
torch::Tensor transport(const torch::Tensor& source_features, const torch::Tensor& target_features,
                        const torch::Tensor& source_heatmaps, const torch::Tensor& target_heatmaps,
                        Transport rule);

}  // namespace mint::perception
