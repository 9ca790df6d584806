#include "perception/keypoints_in_pixels.h"

#include <torch/torch.h>

namespace mint::perception {

PixelKeypoints keypoints_in_pixels(const Keypoints& keypoints, int64_t height, int64_t width) {
  const torch::Tensor size = torch::tensor({width, height}, torch::kDouble);
  const torch::Tensor xy = (keypoints.xy.cpu().to(torch::kDouble) * size).contiguous();
  const torch::Tensor active = (keypoints.active.cpu() > 0.5).to(torch::kUInt8).contiguous();
  PixelKeypoints pixels;
  pixels.height = height;
  pixels.width = width;
  pixels.frames = active.size(0);
  pixels.keypoints = active.size(1);
  pixels.xy.assign(xy.data_ptr<double>(), xy.data_ptr<double>() + xy.numel());
  pixels.active.assign(active.data_ptr<uint8_t>(), active.data_ptr<uint8_t>() + active.numel());
  return pixels;
}

}  // namespace mint::perception
