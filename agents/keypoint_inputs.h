// What the policies on keypoints have in common: checks of a window of observations, noise on it,
// and the prediction of how keypoints move. What they read from a window:
// dynamics/keypoint_states.h.
#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "agents/noise_stream.h"
#include "agents/policy.h"
#include "agents/policy_config.h"

namespace mint::agents {

// Throw std::invalid_argument unless the window has T = `history` frames of K = `keypoints`
// keypoints, and the sample says what became of them in C = `chunk` steps. `where` names the
// function: "InteractionPolicy.losses".
void check_window(const std::string& where, const Observation& observation, int64_t history,
                  int64_t keypoints);
void check_targets(const std::string& where, const Sample& sample, int64_t chunk,
                   int64_t keypoints);

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
