// A frame with the keypoints that are there and, transparent, those that a forward model imagines
// (paper Figure 4).
#pragma once

#include <torch/types.h>

#include "perception/keypoints.h"
#include "perception/overlay.h"

namespace mint::perception {

// `frame` uint8 [3, H, W] enlarged by style.scale, with its active keypoints `now` (N = 1) over the
// trajectories of the same keypoints through `future` [F, K, 2], fractions of the image: line and
// dot fade with the number of frames ahead. F may be 0. Throws std::invalid_argument for shapes.
torch::Tensor draw_imagined(const torch::Tensor& frame, const Keypoints& now,
                            const torch::Tensor& future, const OverlayStyle& style);

}  // namespace mint::perception
