// What the keypoints of a video say about it: how many are active, and how still the still ones
// are (paper Figures 5 and 6).
#pragma once

#include <cstdint>
#include <vector>

#include "perception/pixel_keypoints.h"

namespace mint::training {

// Active keypoints of each frame.
std::vector<double> active_counts(const perception::PixelKeypoints& keypoints);

// Means over `window` frames around each, an odd number; over fewer at both ends.
std::vector<double> moving_average(const std::vector<double>& values, int64_t window);

// How far one keypoint is from its mean position, over the frames in which it is active.
struct KeypointDrift {
  int64_t keypoint = 0;
  double share_active = 0;     // of the frames
  double x = 0, y = 0;         // mean position, pixels
  double median_px = 0;        // distance from it: median,
  double ninety_fifth_px = 0;  // 95th percentile (the nearest value from above)
  double largest_px = 0;       // and maximum
  bool is_static = false;      // sits on something that does not move, see below
};

inline constexpr double kStaticShare = 0.9;  // a static keypoint is active in so many frames
inline constexpr double kStaticDrift =
    0.01;  // and its median drift is at most so much of the width

// Of all keypoints that are active at all, in their order.
std::vector<KeypointDrift> keypoint_drifts(const perception::PixelKeypoints& keypoints);

}  // namespace mint::training
