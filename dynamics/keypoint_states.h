// The numbers that policies and the keypoint predictor read from a window of keypoints.
//
// Positions enter in [-1, 1] times the activity, so an inactive keypoint's position is never read.
#pragma once

#include <cstdint>

#include <torch/types.h>

namespace mint::dynamics {

// Brings a displacement, a few hundredths of the image, to the scale of the positions.
constexpr double kDisplacementScale = 5;

// From fractions of the image [.., 2] to [-1, 1], 0 where `active` [..] is 0.
torch::Tensor masked_positions(const torch::Tensor& xy, const torch::Tensor& active);

// The state of every keypoint in a window: (x, y, s) of each frame, then the velocities
// 5 (x_t - x_{t-1}) of frames that are both active, else 0. Positions [N, T, K, 2] and activity
// [N, T, K] -> [N, K, 3T + 2(T - 1)].
torch::Tensor keypoint_states(const torch::Tensor& positions, const torch::Tensor& active);
int64_t keypoint_state_width(int64_t history);

}  // namespace mint::dynamics
