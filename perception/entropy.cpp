#include "perception/entropy.h"

#include <sstream>
#include <stdexcept>

#include <torch/torch.h>

#include "perception/entropy_kernels.h"
#include "perception/heatmap_grid.h"

namespace mint::perception {

torch::Tensor entropy_images(const torch::Tensor& images, const EntropyConfig& config) {
  if (images.scalar_type() != torch::kUInt8 || images.dim() != 4 || images.size(1) != 3 ||
      images.size(2) < 3 || images.size(3) < 3 || !images.device().is_cpu()) {
    std::ostringstream message;
    message << "entropy_images: images: expected uint8 [N, 3, H, W] on the CPU with sides of at "
               "least 3, got "
            << images.toString() << " " << images.sizes();
    throw std::invalid_argument(message.str());
  }
  if (config.region < 1 || config.region % 2 == 0) {
    throw std::invalid_argument("entropy_images: config.region: expected an odd number, got " +
                                std::to_string(config.region));
  }
  const int64_t height = images.size(2), width = images.size(3);
  const HeatmapGrid grid = heatmap_grid(height, width);
  const torch::Tensor in = images.contiguous();
  const torch::Tensor out = torch::empty({images.size(0), grid.height, grid.width});
  EntropyKernel kernel(height, width, grid.height, grid.width, config.region);
  for (int64_t i = 0; i < images.size(0); ++i) {
    kernel(in.data_ptr<uint8_t>() + i * 3 * height * width,
           out.data_ptr<float>() + i * grid.height * grid.width);
  }
  return out;
}

}  // namespace mint::perception
