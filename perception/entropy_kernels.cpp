#include "perception/entropy_kernels.h"

#include <cstddef>

namespace mint::perception {
namespace {

template <typename T>
T* plane_of(T* planes, int64_t index, int64_t pixels) {
  return planes ? planes + index * pixels : nullptr;
}

}  // namespace

EntropyKernel::EntropyKernel(int64_t height, int64_t width, int64_t grid_height, int64_t grid_width,
                             int64_t region, int64_t channels)
    : height_(height),
      width_(width),
      grid_height_(grid_height),
      grid_width_(grid_width),
      region_(region),
      channels_(channels),
      preprocessing_(height, width, grid_height, grid_width),
      table_(channels * region * region),
      division_(static_cast<size_t>(channels * grid_height * grid_width + kDivisionPadding)) {}

void EntropyKernel::operator()(const uint8_t* image, float* entropy, const EntropyStages& stages) {
  const int64_t pixels = grid_height_ * grid_width_;
  for (int64_t c = 0; c < channels_; ++c) {
    preprocessing_(image + c * height_ * width_, division_.data() + c * pixels,
                   {plane_of(stages.resized, c, pixels), plane_of(stages.sharpened, c, pixels),
                    plane_of(stages.smooth, c, pixels), plane_of(stages.sharp, c, pixels),
                    plane_of(stages.division, c, pixels)});
  }
  region_entropies(division_.data(), channels_, grid_height_, grid_width_, region_, table_,
                   entropy);
}

}  // namespace mint::perception
