// The grid of the heatmaps: the output size of the hourglass network for an image size, which is
// also the size of the entropy images and of all losses (spec 3.2).
#pragma once

#include <cstdint>

namespace mint::perception {

struct HeatmapGrid {
  int64_t height = 0;  // HH, pixels
  int64_t width = 0;   // WW, pixels
};

// Images narrower than this get other strides in the network and are sharpened before their
// entropy is computed. Only the width counts.
inline constexpr int64_t kNarrowWidth = 100;

// Strides of the six layers: three convolutions, then three transposed convolutions.
struct HourglassStrides {
  int64_t down[3];
  int64_t up[3];
};

constexpr HourglassStrides hourglass_strides(int64_t image_width) {
  return image_width < kNarrowWidth ? HourglassStrides{{3, 2, 1}, {2, 2, 2}}
                                    : HourglassStrides{{3, 2, 2}, {1, 2, 2}};
}

// Length of one side after the six layers; 96 -> 135 for narrow images. At least 3 if `side` >= 3.
constexpr int64_t hourglass_side(int64_t side, const HourglassStrides& strides) {
  side = (side + 2 - 5) / strides.down[0] + 1;
  side = (side + 2 - 3) / strides.down[1] + 1;
  side = (side + 2 - 3) / strides.down[2] + 1;
  for (int64_t stride : strides.up) side = (side - 1) * stride + 3;
  return side;
}

constexpr HeatmapGrid heatmap_grid(int64_t image_height, int64_t image_width) {
  const HourglassStrides strides = hourglass_strides(image_width);
  return {hourglass_side(image_height, strides), hourglass_side(image_width, strides)};
}

}  // namespace mint::perception
