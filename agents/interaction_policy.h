// Behaviour cloning on keypoints with an interaction network (paper Sec. 3, Task IV; Appendix I).
//
// Two forms, chosen by the config. `frame_graphs` is the paper's: each of the T frames is a graph
// of its own, nodes (position code, x s, y s, s), and the frames meet only in the action head.
// `joint_graph` is ours: one graph per decision, whose nodes carry all T frames, the velocities
// 5 (x_t - x_{t-1}) where both frames are active, and a learned embedding of the keypoint's index;
// keypoints that are inactive in the newest frame send no messages. The detector stays frozen.
//
// x and y enter in [-1, 1] times the activity s, so an inactive keypoint's position is never read.
#pragma once

#include <cstdint>
#include <string>

#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "agents/noise_stream.h"
#include "agents/policy.h"
#include "agents/policy_config.h"
#include "dynamics/interaction_network.h"
#include "dynamics/keypoint_decoder.h"

namespace mint::agents {

class InteractionPolicy : public Policy {
 public:
  // Weights and augmentation depend on `seed` alone. Throws std::invalid_argument for a config
  // value outside of its range.
  InteractionPolicy(const InteractionPolicyConfig& config, uint64_t seed);

  // The action logits [N, 1, A]. Computed one decision at a time, because a matrix product's
  // rounding depends on its number of rows: an episode ends the same however many run beside it.
  // Throws std::invalid_argument when the observation's T or K is not the config's. `frames` is not
  // read.
  torch::Tensor logits(const Observation& observation) override;

  // "total" = action_weight * "action" + prediction_weight * "prediction"; in training mode the
  // observation is augmented first.
  //   action: cross-entropy, mean over N with the sample's weights.
  //   prediction: Huber loss (delta 1) of the next state. frame_graphs: from frame t the position
  //     times activity in frame t + 1, mean over all frames and keypoints (the paper's code pairs
  //     it with the previous decision instead). joint_graph: the displacement 5 (next - newest) of
  //     the keypoints that are active in both, mean over these.
  Losses losses(const Sample& sample) override;

  struct Outputs {
    torch::Tensor logits;       // [N, A]
    torch::Tensor predictions;  // frame_graphs: [N, T, K, 3]; joint_graph: [N, K, 2], displacements
  };
  // All decisions as one batch, unchecked.
  Outputs forward(const Observation& observation);

  int64_t history() const override { return config_.history; }
  int64_t keypoints() const override { return config_.keypoints; }
  std::string name() const override { return "interaction"; }

 private:
  // Node inputs [graphs, K, F] from positions times activity [N, T, K, 2] and activity [N, T, K].
  torch::Tensor frame_nodes(const torch::Tensor& positions, const torch::Tensor& active) const;
  torch::Tensor joint_nodes(const torch::Tensor& positions, const torch::Tensor& active) const;
  Observation augment(const Observation& observation);
  torch::Tensor prediction_loss(const Sample& sample, const torch::Tensor& predictions) const;

  InteractionPolicyConfig config_;
  bool is_joint_;
  bool is_flat_;
  NoiseStream noise_;
  torch::Tensor index_code_;  // [K, 1] in [-1, 1], or learned [K, index_embedding]
  dynamics::InteractionNetwork network_{nullptr};
  dynamics::KeypointDecoder decoder_{nullptr};
  torch::nn::Linear action_hidden_{nullptr};  // readout -> head_hidden, ReLU
  torch::nn::Linear action_output_{nullptr};  // head_hidden -> A
};

}  // namespace mint::agents
