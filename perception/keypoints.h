// Keypoints: what every detector returns and every policy and predictor reads.
#pragma once

#include <torch/types.h>

namespace mint::perception {

// Of N images with K keypoints each; float32, CPU or the detector's device, no gradient.
struct Keypoints {
  torch::Tensor xy;      // [N, K, 2]; x right, y down, fraction of the image, in [0, 1)
  torch::Tensor active;  // [N, K]; 1 where the keypoint is active, else 0
};

}  // namespace mint::perception
