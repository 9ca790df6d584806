// Small videos whose metrics can be counted by hand: one image row of pixels 0 to 9, objects that
// are intervals of it.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "perception/pixel_keypoints.h"

namespace mint::tests {

inline constexpr double kOff = std::numeric_limits<double>::infinity();  // an inactive keypoint

// Object `object` covers the columns from `first` to `last`; first > last is an empty mask.
inline perception::ObjectMask object_over(int object, int64_t first, int64_t last) {
  std::vector<uint8_t> row(10, 0);
  for (int64_t x = first; x <= last; ++x) row[static_cast<size_t>(x)] = 1;
  return {object, perception::RunLengthMask::from_bitmap(row.data(), 1, 10)};
}

// columns[t][k]: x of keypoint k at frame t.
inline perception::PixelKeypoints keypoints_at(const std::vector<std::vector<double>>& columns) {
  perception::PixelKeypoints keypoints;
  keypoints.height = 1;
  keypoints.width = 10;
  keypoints.frames = static_cast<int64_t>(columns.size());
  keypoints.keypoints = static_cast<int64_t>(columns.at(0).size());
  for (const auto& frame : columns) {
    for (const double x : frame) {
      keypoints.active.push_back(x != kOff);
      keypoints.xy.push_back(x == kOff ? 0 : x);
      keypoints.xy.push_back(0.5);
    }
  }
  return keypoints;
}

}  // namespace mint::tests
