// What the policies on keypoints have in common: the numbers that they read from a window of
// observations, noise on these, and the prediction of how keypoints move.
//
// Positions enter in [-1, 1] times the activity, so an inactive keypoint's position is never read.
#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "agents/noise_stream.h"
#include "agents/policy.h"
#include "agents/policy_config.h"

namespace mint::agents {

// Brings a displacement, a few hundredths of the image, to the scale of the positions.
constexpr double kDisplacementScale = 5;

// Throw std::invalid_argument unless the window has T = `history` frames of K = `keypoints`
// keypoints, and the sample says what became of them in C = `chunk` steps. `where` names the
// function: "InteractionPolicy.losses".
void check_window(const std::string& where, const Observation& observation, int64_t history,
                  int64_t keypoints);
void check_targets(const std::string& where, const Sample& sample, int64_t chunk,
                   int64_t keypoints);

// From fractions of the image [.., 2] to [-1, 1], 0 where `active` [..] is 0.
torch::Tensor masked_positions(const torch::Tensor& xy, const torch::Tensor& active);

// The state of every keypoint in a window: (x, y, s) of each frame, then the velocities
// 5 (x_t - x_{t-1}) of frames that are both active, else 0. Positions [N, T, K, 2] and activity
// [N, T, K] -> [N, K, 3T + 2(T - 1)].
torch::Tensor keypoint_states(const torch::Tensor& positions, const torch::Tensor& active);
int64_t keypoint_state_width(int64_t history);

// Augmentation. Lengths are standard deviations in units of half the image.
struct KeypointNoise {
  double frame = 0;               // drawn for every keypoint and frame
  double offset = 0;              // drawn once per keypoint for the whole window
  bool is_offset_scaled = false;  // `offset` times a strength of the window, uniform in [0, 1]
  double dropout = 0;             // probability that a keypoint is inactive in the whole window
};
KeypointNoise keypoint_noise(const KeypointNoiseConfig& config);
Observation with_noise(const Observation& observation, const KeypointNoise& noise,
                       at::Generator& generator);

// Two active keypoints nearer than this in the newest frame may lie on one thing; in half images.
constexpr double kPairRadius = 0.1;

// Augmentation against changes of index: in each sample, with this probability, one pair of
// keypoints that lie within kPairRadius of each other, drawn from all of them, exchange their
// indices in the whole window and in what comes next. Draws nothing where the probability is 0.
Sample with_swapped_pairs(const Sample& sample, double probability, NoiseStream& noise);

// Huber loss (delta 1) between predictions [N, C, K, 2] and the displacements 5 (next - newest) in
// the next C steps, mean over the keypoints that are active now (`active` [N, K]) and then.
// `newest` [N, K, 2] in [-1, 1].
torch::Tensor displacement_loss(const torch::Tensor& predictions, const torch::Tensor& newest,
                                const torch::Tensor& active, const Sample& sample);

}  // namespace mint::agents
