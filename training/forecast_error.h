// How far off a keypoint predictor is in videos that it did not learn from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dynamics/keypoint_predictor.h"
#include "training/keypoint_videos.h"

namespace mint::training {

// Mean distances to the keypoints found in frame t + h, in pixels of the detector's frames, over
// all windows and the keypoints that are active at t and at t + h. NaN where there are none.
struct ForecastError {
  int64_t horizon = 1;           // h, frames ahead
  double at_once = 0;            // KeypointPredictor::predict; NaN beyond its horizons
  double unrolled = 0;           // KeypointPredictor::unroll
  double copied = 0;             // every keypoint stays where it is at t
  double constant_velocity = 0;  // it goes on as from t - 1 to t, or stays if it was inactive then
};

// The next `frames` positions [N, frames, K, 2] where every keypoint goes on as between the last
// two frames of xy [N, T, K, 2], or stays if it was inactive [N, T, K] in the last but one.
torch::Tensor at_constant_velocity(const torch::Tensor& xy, const torch::Tensor& active,
                                   int64_t frames);

// One row per horizon 1..target_frames(predictor.config()).
std::vector<ForecastError> forecast_errors(dynamics::KeypointPredictor& predictor,
                                           const KeypointVideos& videos, int64_t height,
                                           int64_t width);

// A table with a line per horizon, for the terminal.
std::string forecast_table(const std::vector<ForecastError>& errors);

}  // namespace mint::training
