#include "perception/entropy.h"

#include <sstream>
#include <stdexcept>

#include <torch/torch.h>

#include "perception/batch_threads.h"
#include "perception/cuda/entropy_cuda.h"
#include "perception/entropy_kernels.h"
#include "perception/heatmap_grid.h"

namespace mint::perception {
namespace {

void check_entropy_config(const EntropyConfig& config) {
  const std::string where = "entropy_images: config.";
  if (config.region < 1 || config.region % 2 == 0) {
    throw std::invalid_argument(where + "region: expected an odd number, got " +
                                std::to_string(config.region));
  }
  if (config.threads < 1) {
    throw std::invalid_argument(where + "threads: expected at least 1, got " +
                                std::to_string(config.threads));
  }
}

}  // namespace

torch::Tensor entropy_images(const torch::Tensor& images, const EntropyConfig& config) {
  if (images.scalar_type() != torch::kUInt8 || images.dim() != 4 || images.size(1) < 1 ||
      images.size(2) < 3 || images.size(3) < 3 || !images.device().is_cpu()) {
    std::ostringstream message;
    message << "entropy_images: images: expected uint8 [N, C, H, W] on the CPU with sides of at "
               "least 3, got "
            << images.toString() << " " << images.sizes();
    throw std::invalid_argument(message.str());
  }
  check_entropy_config(config);
  const int64_t channels = images.size(1), height = images.size(2), width = images.size(3);
  const HeatmapGrid grid = heatmap_grid(height, width);
  const torch::Tensor in = images.contiguous();
  const torch::Tensor out = torch::empty({images.size(0), grid.height, grid.width});
  const uint8_t* from = in.data_ptr<uint8_t>();
  auto* to = out.data_ptr<float>();
  if (config.device == Device::kCuda) {
    const RegionEntropyTable table(channels * config.region * config.region);
    cuda::entropy_images_of_host({images.size(0),
                                  channels,
                                  {height, width, grid.height, grid.width},
                                  width < kNarrowWidth,
                                  config.region},
                                 table.view(), from, to);
    return out;
  }
  share_batch(images.size(0), config.threads, [&](int64_t first, int64_t last) {
    EntropyKernel kernel(height, width, grid.height, grid.width, config.region, channels);
    for (int64_t i = first; i < last; ++i) {
      kernel(from + i * channels * height * width, to + i * grid.height * grid.width);
    }
  });
  return out;
}

}  // namespace mint::perception
