// The contract of a policy: the last T observations in, action logits out, batch first.
//
// To add a policy: one file pair, one line in agents/registry.cpp, one YAML.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace mint::agents {

// A window of T frames for each of N decisions, oldest first. At the start of an episode the first
// frame fills the window.
struct Observation {
  torch::Tensor xy;      // float [N, T, K, 2]; x right, y down, fraction of the image
  torch::Tensor active;  // float [N, T, K] in {0, 1}
  torch::Tensor frames;  // uint8 [N, T, 3, H, W] RGB; only for policies that read pixels
};

// What a policy is trained on: a window, the expert's choice, and the frame that came next.
struct Sample {
  Observation observation;
  torch::Tensor action;       // int64 [N], 0..17
  torch::Tensor next_xy;      // float [N, K, 2], keypoints of the frame after the action
  torch::Tensor next_active;  // float [N, K]
};

// The first entry "total" is what is minimised; the others are its parts, each a scalar.
using Losses = std::map<std::string, torch::Tensor>;

class Policy : public torch::nn::Module {
 public:
  // Action logits [N, 18].
  virtual torch::Tensor logits(const Observation& observation) = 0;
  virtual Losses losses(const Sample& sample) = 0;

  virtual int64_t history() const = 0;    // T
  virtual int64_t keypoints() const = 0;  // K; 0 for a policy that reads pixels
  virtual std::string name() const = 0;   // "interaction"
};

}  // namespace mint::agents
