// Behaviour cloning on keypoints with fully connected layers: what a policy can do that knows
// nothing of the relations between keypoints.
//
// Two forms, chosen by the config. `paper` is the paper's baseline (spec A.3): the numbers
// (position code, x s, y s, s) of all keypoints and frames, four layers with batch normalisation.
// `residual` is ours: the states and velocities of all keypoints (dynamics/keypoint_states.h),
// residual blocks that the plan modulates (agents/residual_block.h), a layer norm and the action
// head.
#pragma once

#include <cstdint>
#include <string>

#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/types.h>

#include "agents/action_head.h"
#include "agents/noise_stream.h"
#include "agents/plan_variable.h"
#include "agents/policy.h"
#include "agents/policy_config.h"
#include "agents/published_layers.h"

namespace mint::agents {

class MlpPolicy : public Policy {
 public:
  // Weights, augmentation and dropout depend on `seed` alone. Throws std::invalid_argument for a
  // config value outside of its range.
  MlpPolicy(const MlpPolicyConfig& config, uint64_t seed);

  // Log-probabilities [N, C, 18], computed one decision at a time and as in evaluation mode,
  // whatever the mode. Throws std::invalid_argument when the observation's T or K is not the
  // config's, or a plan is none of the config's. `frames` is not read.
  torch::Tensor logits(const Observation& observation) override;

  // "total" = "action", the loss of agents/action_head.h; in training mode with augmentation and
  // dropout. What comes next of the keypoints is not read.
  Losses losses(const Sample& sample) override;

  int64_t history() const override { return config_.history; }
  int64_t chunk() const override { return config_.head.chunk; }
  int64_t keypoints() const override { return config_.keypoints; }
  int64_t plans() const override { return config_.plan.plans; }
  void choose_plan(int64_t plan) override { plan_->choose(plan); }
  double ensemble_decay() const override { return config_.head.ensemble_decay; }
  std::string name() const override { return "mlp"; }

 private:
  torch::Tensor scores(const Observation& observation, at::Generator* noise);  // of the head
  torch::Tensor inputs(const Observation& observation) const;                  // [N, all numbers]

  MlpPolicyConfig config_;
  bool is_paper_;
  NoiseStream noise_;
  PlanVariable plan_{nullptr};
  PublishedLayers published_{nullptr};  // of the paper's form

  torch::nn::Linear input_{nullptr};  // these of the residual form: all numbers -> width
  torch::nn::ModuleList blocks_;
  torch::nn::LayerNorm norm_{nullptr};

  ActionHead head_{nullptr};
};

}  // namespace mint::agents
