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

// For every horizon h = 1, 2 …: the mean over target frames t with objects and whole history
// (t - h >= history - 1) of the share of the frame's objects for which a keypoint that was inside
// at t - h is predicted inside at t. NaN where there is no such frame. Whether the keypoint is
// active at t does not matter.
//
// Causal, unlike the published program, which compares frame t with a prediction whose input
// already holds frame t. Throws std::invalid_argument when sizes disagree.
std::vector<double> prediction_success(const PixelKeypoints& keypoints,
                                       const PredictedKeypoints& predicted,
                                       const std::vector<FrameObjects>& objects);

}  // namespace mint::perception
