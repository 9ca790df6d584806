// Behaviour cloning on pixels: convolutions on the last T frames (the paper's baseline, spec A.4).
//
// The trunk is the paper's: five convolutions, each followed by ReLU and batch normalisation, and a
// linear layer to 256 features. `paper` goes on with the paper's four narrow layers; with one
// action per decision, one softmax and no plan that is the published network, 1,761,810 parameters.
// `shared` goes on with one hidden layer to the action head, as the policies on keypoints do. With
// the chunk, head and plan variable of these, a comparison says what the perception is worth.
#pragma once

#include <cstdint>
#include <string>

#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "agents/action_head.h"
#include "agents/noise_stream.h"
#include "agents/plan_variable.h"
#include "agents/policy.h"
#include "agents/policy_config.h"
#include "agents/published_layers.h"

namespace mint::agents {

class CnnPolicy : public Policy {
 public:
  // Weights and augmentation depend on `seed` alone. Throws std::invalid_argument for a config
  // value outside of its range.
  CnnPolicy(const CnnPolicyConfig& config, uint64_t seed);

  // Log-probabilities [N, C, 18] from `frames` [N, T, 3, S, S] alone, computed one decision at a
  // time and as in evaluation mode, whatever the mode. Throws std::invalid_argument for another
  // shape or type of frames and for a plan that is none of the config's.
  torch::Tensor logits(const Observation& observation) override;

  // "total" = "action", the loss of agents/action_head.h; in training mode the windows are shifted
  // first. Keypoints are not read. At least 2 decisions in training mode (batch normalisation).
  Losses losses(const Sample& sample) override;

  int64_t history() const override { return config_.history; }
  int64_t chunk() const override { return config_.head.chunk; }
  int64_t keypoints() const override { return 0; }
  int64_t plans() const override { return config_.plan.plans; }
  void choose_plan(int64_t plan) override { plan_->choose(plan); }
  double ensemble_decay() const override { return config_.head.ensemble_decay; }
  std::string name() const override { return "cnn"; }

 private:
  torch::Tensor scores(const Observation& observation, at::Generator* noise);  // of the head
  void check(const std::string& where, const torch::Tensor& frames) const;

  CnnPolicyConfig config_;
  NoiseStream noise_;
  PlanVariable plan_{nullptr};
  torch::nn::Sequential convolutions_;
  torch::nn::Linear features_{nullptr};  // flattened maps -> 256, ReLU
  Film film_{nullptr};                   // the plan on the features
  PublishedLayers published_{nullptr};   // of the form "paper": 256 -> 32
  torch::nn::Linear hidden_{nullptr};    // of the form "shared": 256 -> 256, GELU
  ActionHead head_{nullptr};
};

// Every window [T, 3, S, S] of `frames` [N, T, 3, S, S] moved by a whole number of pixels of its
// own in x and y, each uniform in -most .. most; the border is repeated.
torch::Tensor shifted_at_random(const torch::Tensor& frames, int64_t most,
                                at::Generator& generator);

}  // namespace mint::agents
