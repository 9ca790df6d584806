#include "perception/detector_input.h"

#include <sstream>
#include <stdexcept>
#include <vector>

#include <torch/torch.h>

namespace mint::perception {

using torch::Tensor;

void require_images(const std::string& where, const Tensor& images, int64_t height, int64_t width) {
  if (images.scalar_type() == torch::kUInt8 && images.dim() == 4 && images.size(1) == 3 &&
      images.size(2) == height && images.size(3) == width) {
    return;
  }
  std::ostringstream message;
  message << where << ": expected uint8 [N, 3, " << height << ", " << width << "], got "
          << images.scalar_type() << " " << images.sizes();
  throw std::invalid_argument(message.str());
}

Tensor centred_frames(const Tensor& images, int64_t height, int64_t width) {
  const Tensor frames = images.to(torch::kFloat).div_(255).sub_(0.5);
  if (images.size(2) == height && images.size(3) == width) return frames;
  return torch::upsample_bilinear2d(frames, {height, width}, /*align_corners=*/false);
}

}  // namespace mint::perception
