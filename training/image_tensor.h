// Pixels of the environments as image tensors and back.
#pragma once

#include <cstdint>
#include <vector>

#include <torch/types.h>

#include "envs/draw.h"

namespace mint::training {

// RGB [height, width, 3] -> uint8 [3, height, width]; copies.
torch::Tensor to_tensor(const std::vector<uint8_t>& rgb, int64_t height, int64_t width);

// uint8 [3, height, width] -> RGB.
envs::Image to_image(const torch::Tensor& image);

}  // namespace mint::training
