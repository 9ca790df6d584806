// What a keypoint predictor is made from: plain values without torch, filled by training/ from
// YAML.
#pragma once

#include <cstdint>
#include <string>

namespace mint::dynamics {

// The defaults are the displacement form; paper_keypoint_predictor() gives the paper's.
struct KeypointPredictorConfig {
  // "displacement": what is added to a keypoint's newest position; inactive keypoints send nothing.
  // "paper": positions through tanh, all keypoints alike.
  std::string form = "displacement";
  int64_t keypoints = 25;  // K, must equal the detector's
  int64_t history = 4;     // T, frames that are read
  int64_t horizons = 3;    // H, frames ahead that are predicted at once; 1 with actions
  int64_t actions = 0;     // 18: the action taken at the newest frame is read too; or 0

  int64_t latent = 32;          // L, width of a keypoint's embedding
  int64_t hidden = 64;          // width of the relation and object models' inner layers
  int64_t effect = 64;          // width of one message
  int64_t relation_layers = 3;  // at least 2; the cost of a step grows with it
  int64_t object_layers = 2;    // at least 2
  int64_t index_embedding = 8;  // width of the learned index embedding; 0: the paper's scalar code
  std::string aggregation = "mean";  // of the messages that a keypoint receives; or "sum"

  // In the loss: the chain of so many one-step predictions, each from the ones before; 0: none.
  int64_t unroll = 3;
  double unroll_weight = 1;
  // Errors count by their square up to this length, linearly beyond (a keypoint that jumps to
  // another object must not pull at the others); in the lengths of losses().
  double linear_beyond = 0.02;
};

// Frames after the newest that the loss compares with: S = max(H, unroll).
int64_t target_frames(const KeypointPredictorConfig& config);

// The paper's predictor: sizes of spec A.1 with T = 4 and H = 3, 90,845 parameters, no chain.
KeypointPredictorConfig paper_keypoint_predictor();

// Throws std::invalid_argument (`KeypointPredictor: form: expected X or Y, got "Z"`) for a value
// outside of its range.
void validate(const KeypointPredictorConfig& config);

}  // namespace mint::dynamics
