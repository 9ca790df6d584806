// Pictures as plain buffers, and the two sizes in which a view is drawn.
#pragma once

#include <cstdint>
#include <vector>

namespace mint::envs {

inline constexpr int kFullSize_px = 384;
inline constexpr int kObservationSize_px = 96;
inline constexpr int kObservationBytes = kObservationSize_px * kObservationSize_px * 3;  // RGB
inline constexpr int kReduction = kFullSize_px / kObservationSize_px;                    // per axis

// RGB, 8 bit, rows from the top: [height, width, 3].
struct Image {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;
};

// Which entity owns each pixel, rows from the top: [height, width]. An id is 1 + the entity's place
// in Scene::draw_order; 0 is the arena and what lies outside it.
struct InstanceImage {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> ids;
};

}  // namespace mint::envs
