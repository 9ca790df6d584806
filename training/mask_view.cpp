#include "training/mask_view.h"

#include <array>
#include <stdexcept>
#include <string>

#include "perception/overlay.h"

namespace mint::training {
namespace {

constexpr int kIds = 256;

std::array<std::array<uint8_t, 3>, kIds> colours() {
  std::array<std::array<uint8_t, 3>, kIds> table = {};
  for (int id = 1; id < kIds; ++id) {
    table[static_cast<size_t>(id)] = perception::keypoint_colour(id - 1);
  }
  return table;
}

std::string size_of(int width, int height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

}  // namespace

void blend_masks(const envs::InstanceImage& instances, envs::Image& image) {
  if (instances.width != image.width || instances.height != image.height) {
    throw std::invalid_argument("blend_masks: instances: expected " +
                                size_of(image.width, image.height) + ", got " +
                                size_of(instances.width, instances.height));
  }
  const auto table = colours();
  for (size_t i = 0; i < instances.ids.size(); ++i) {
    if (instances.ids[i] == 0) continue;
    for (size_t c = 0; c < 3; ++c) {  // three parts mask, one part picture
      uint8_t& value = image.rgb[3 * i + c];
      value = static_cast<uint8_t>((3 * table[instances.ids[i]][c] + value + 2) / 4);
    }
  }
}

}  // namespace mint::training
