// Entropy layer (spec 5): how much a pixel's neighbourhood varies, one image per frame on the
// network's output grid. It depends on the data alone, so compute it once per frame and keep it.
#pragma once

#include <torch/types.h>

namespace mint::perception {

struct EntropyConfig {
  int64_t region = 3;  // R, odd, side of the square neighbourhood in grid pixels
};

// images: uint8 [N, 3, H, W] on the CPU -> float32 [N, HH, WW] with (HH, WW) = heatmap_grid(H, W),
// values -1e-8 .. ln(3 R^2). A ring of (R-1)/2 pixels is 0. Exact integers up to the last step, so
// the same on every device. Throws std::invalid_argument for another dtype, shape or region.
torch::Tensor entropy_images(const torch::Tensor& images, const EntropyConfig& config = {});

}  // namespace mint::perception
