// Entropy layer (spec 5): how much a pixel's neighbourhood varies, one image per frame on the
// network's output grid. It depends on the data alone, so compute it once per frame and keep it.
//
// It is a constant of the data: rounding has no derivative, and at integers neither has the kernel
// histogram (spec 5.7). The differentiable form on real-valued images is kde_entropy_images.
#pragma once

#include <torch/types.h>

#include "perception/device.h"

namespace mint::perception {

struct EntropyConfig {
  int64_t region = 3;            // R, odd, side of the square neighbourhood in grid pixels
  int64_t threads = 1;           // of the pool (perception/threads.h) that share the images of a
                                 // batch, at most; does not change the result
  Device device = Device::kCpu;  // where to compute; images stay in host memory
};

// images: uint8 [N, C, H, W] on the CPU -> float32 [N, HH, WW] with (HH, WW) = heatmap_grid(H, W),
// values -1e-8 .. ln(C R^2), within 1e-6 of the kernel histogram in double precision. A ring of
// (R-1)/2 pixels is 0. Integers up to the last step, so the same bits on every machine
// and device. Throws std::invalid_argument for another dtype or shape, or a config out of range,
// std::runtime_error when CUDA fails.
torch::Tensor entropy_images(const torch::Tensor& images, const EntropyConfig& config = {});

}  // namespace mint::perception
