// The kernel histogram's entropy as a differentiable layer (paper Eq. 7-12; spec 5.5, 5.7), for
// images of real values: the reference of the closed form, which is entropy_images. At integers and
// small bandwidths the two agree and the gradient is exactly 0.
#pragma once

#include <torch/types.h>

#include "perception/device.h"

namespace mint::perception {

struct KdeEntropyConfig {
  double bandwidth = 0.001;      // B > 0, on the scale 0..255 of the values, as in the reference
  int64_t region = 3;            // R, odd
  int64_t threads = 1;           // of the pool (perception/threads.h) that share the images of a
                                 // batch, at most; does not change the result
  Device device = Device::kCpu;  // where to compute; images stay in host memory
};

// images: float32 or float64 [N, C, H, W] on the CPU, values 0..255 -> the same type [N, H, W],
// 0 on a ring of (R-1)/2 pixels, with a gradient (no second one). Throws std::invalid_argument for
// another dtype or shape, or a config out of range; std::runtime_error when CUDA fails.
torch::Tensor kde_entropy_images(const torch::Tensor& images, const KdeEntropyConfig& config = {});

}  // namespace mint::perception
