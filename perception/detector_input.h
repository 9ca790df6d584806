// What the detectors do with images before their networks see them.
#pragma once

#include <cstdint>
#include <string>

#include <torch/types.h>

namespace mint::perception {

// Throws std::invalid_argument unless images is uint8 [N, 3, height, width]. `where` begins the
// message, e.g. "MintDetector::detect: images".
void require_images(const std::string& where, const torch::Tensor& images, int64_t height,
                    int64_t width);

// The input of the two baselines (spec keypoint_baselines 1): images uint8 [N, 3, H, W] ->
// v / 255 - 0.5 as float32 [N, 3, height, width], resized bilinearly with half-pixel centres and
// no antialias filter. The aspect ratio is not kept.
torch::Tensor centred_frames(const torch::Tensor& images, int64_t height, int64_t width);

}  // namespace mint::perception
