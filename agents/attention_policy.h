// Behaviour cloning on keypoints with a relational transformer.
//
// Every keypoint is a token: its state in the T frames of the window (dynamics/keypoint_states.h)
// and a learned embedding of its index; keypoints that are inactive in the newest frame are seen by
// nobody. Attention gets an additive bias per layer and head from the offset between two keypoints
// in the newest frame, (dx, dy, distance, s_i s_j), so that relative geometry, which pushing and
// lining up depend on, enters every layer. One more token stands for the whole scene. The updated
// tokens, one after the other by index (0 for a keypoint that is not seen), go through a wide
// linear layer and residual blocks to the next C actions. The plan (agents/plan_variable.h) is part
// of the scene's token and modulates every layer and block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/types.h>

#include "agents/action_head.h"
#include "agents/noise_stream.h"
#include "agents/plan_variable.h"
#include "agents/policy.h"
#include "agents/policy_config.h"

namespace mint::agents {

class AttentionPolicy : public Policy {
 public:
  // Weights, augmentation and dropout depend on `seed` alone. Throws std::invalid_argument for a
  // config value outside of its range.
  AttentionPolicy(const AttentionPolicyConfig& config, uint64_t seed);

  // Log-probabilities [N, C, 18], computed one decision at a time, without dropout in either mode.
  // Throws std::invalid_argument when the observation's T or K is not the config's, or a plan is
  // none of the config's. `frames` is not read.
  torch::Tensor logits(const Observation& observation) override;

  // "total" = "action" + prediction_weight * "prediction"; in training mode with augmentation and
  // dropout.
  //   action: the loss of agents/action_head.h.
  //   prediction: Huber loss of the displacements 5 (next - newest) of the next C steps, of the
  //     keypoints that are active now and then.
  Losses losses(const Sample& sample) override;

  int64_t history() const override { return config_.history; }
  int64_t chunk() const override { return config_.head.chunk; }
  int64_t keypoints() const override { return config_.keypoints; }
  int64_t plans() const override { return config_.plan.plans; }
  void choose_plan(int64_t plan) override { plan_->choose(plan); }
  double ensemble_decay() const override { return config_.head.ensemble_decay; }
  std::string name() const override { return "attention"; }

 private:
  // Of the S keypoints that any of the N decisions sees; the others would cost time alone.
  struct Encoding {
    torch::Tensor seen;       // int64 [S], their indices
    torch::Tensor tokens;     // [N, S + 1, width], normalised; the last is the scene's
    torch::Tensor positions;  // [N, S, 2] in the newest frame, in [-1, 1]
    torch::Tensor active;     // [N, S] in the newest frame
    torch::Tensor plan;       // [N, plan width], or undefined
  };
  // `noise` is null in evaluation.
  Encoding encode(const Observation& observation, at::Generator* noise);
  torch::Tensor scores(const Encoding& encoding, at::Generator* noise);  // of the action head

  // One tensor per layer, heads outermost: [heads * N, S + 1, S + 1].
  std::vector<torch::Tensor> biases(const torch::Tensor& positions, const torch::Tensor& active);

  AttentionPolicyConfig config_;
  NoiseStream noise_;
  PlanVariable plan_{nullptr};
  torch::nn::Linear state_{nullptr};          // a keypoint's state -> width
  torch::nn::Embedding index_{nullptr};       // [K + 1, width]; the last is the scene's token
  torch::nn::Linear plan_token_{nullptr};     // plan -> width; null without plans
  torch::nn::Linear relation_{nullptr};       // (dx, dy, distance, s_i s_j) -> 16, ReLU
  torch::nn::Linear relation_bias_{nullptr};  // 16 -> layers * heads
  torch::nn::ModuleList layers_;
  torch::nn::LayerNorm norm_{nullptr};
  torch::nn::Linear readout_{nullptr};  // (K + 1) * width -> readout_width
  torch::nn::ModuleList blocks_;
  torch::nn::LayerNorm readout_norm_{nullptr};
  ActionHead head_{nullptr};
  torch::nn::Linear displacement_{nullptr};  // width -> 2C, of each keypoint
};

}  // namespace mint::agents
