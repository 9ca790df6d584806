// The contract of a policy: the last T observations in, logits of the next C actions out, batch
// first.
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

  // int64 [N], the number of the plan that each decision follows (agents/plan_variable.h), -1 for
  // none; undefined: the policy's own choice.
  torch::Tensor plan;
};

// What a policy is trained on: a window, the expert's next C choices, and what came of them.
struct Sample {
  Observation observation;
  torch::Tensor actions;      // int64 [N, C], 0..17; -1 beyond the end of the demonstration
  torch::Tensor next_xy;      // float [N, C, K, 2], keypoints of the frame after each action
  torch::Tensor next_active;  // float [N, C, K], 0 beyond the end
  torch::Tensor weight;       // float [N], of each decision; undefined: all equal
};

// The first entry "total" is what is minimised; the others are its parts, each a scalar.
using Losses = std::map<std::string, torch::Tensor>;

class Policy : public torch::nn::Module {
 public:
  // Action logits [N, C, 18] of the next C control steps. A row does not depend on the others: an
  // episode ends the same however many run beside it.
  virtual torch::Tensor logits(const Observation& observation) = 0;
  virtual Losses losses(const Sample& sample) = 0;

  virtual int64_t history() const = 0;                 // T
  virtual int64_t chunk() const { return 1; }          // C
  virtual int64_t keypoints() const = 0;               // K; 0 for a policy that reads pixels
  virtual int64_t plans() const { return 0; }          // with a vector of their own
  virtual void choose_plan(int64_t /*plan*/) {}        // that is followed where none is named
  virtual double ensemble_decay() const { return 0; }  // agents/action_ensemble.h
  virtual std::string name() const = 0;                // "interaction"
};

}  // namespace mint::agents
