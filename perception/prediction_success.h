// How often predicted keypoints stay on their objects (paper Table 2).
#pragma once

#include <cstdint>
#include <vector>

#include "perception/pixel_keypoints.h"

namespace mint::perception {

// Positions that a predictor fed with frames s-history+1 .. s gives for frames s+1 .. s+horizons.
struct PredictedKeypoints {
  int64_t history = 4;
  int64_t horizons = 3;
  std::vector<double> xy;  // [T, K, horizons, 2], pixels; rows of s < history - 1 are not read
};

// Which objects count. An object moves from the source frame s to the target frame t when the
// centre of its mask moves by more than kMoving_px pixels a frame, else it rests; an object that is
// not in both frames, or has an empty mask in one, does neither.
enum class Motion { kAny, kMoving, kResting };
constexpr double kMoving_px = 1;

// For every horizon h = 1, 2 …: the mean over target frames t with objects and whole history
// (t - h >= history - 1) of the share of the frame's objects for which a keypoint that was inside
// at t - h is predicted inside at t. NaN where there is no such frame. Whether the keypoint is
// active at t does not matter. With another motion than kAny the share and the frames are of the
// objects of that motion alone.
//
// Causal, unlike the published program, which compares frame t with a prediction whose input
// already holds frame t. Throws std::invalid_argument when sizes disagree.
std::vector<double> prediction_success(const PixelKeypoints& keypoints,
                                       const PredictedKeypoints& predicted,
                                       const std::vector<FrameObjects>& objects,
                                       Motion motion = Motion::kAny);

// DOP (perception/keypoint_metrics.h) on the same target frames: the mean share of a frame's
// objects with a keypoint inside, over frames t >= first with objects. NaN without such a frame.
double detected_share(const PixelKeypoints& keypoints, const std::vector<FrameObjects>& objects,
                      int64_t first);

}  // namespace mint::perception
