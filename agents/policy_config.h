// What a policy is made from: plain values without torch, filled by training/ from YAML.
//
// agents::make_policy (agents/registry.h) turns them into a policy.
#pragma once

#include <cstdint>
#include <string>

namespace mint::agents {

// The keypoint policy on an interaction network (agents/interaction_policy.h). The defaults are the
// joint form; paper_interaction_policy() gives the paper's.
struct InteractionPolicyConfig {
  // "joint_graph": one graph per decision, whose nodes carry all T frames, their velocities and a
  // learned embedding of the keypoint's index. "frame_graphs": the paper's, one graph per frame.
  std::string graph = "joint_graph";
  int64_t keypoints = 25;  // K, must equal the detector's
  int64_t history = 4;     // T, frames per decision
  int64_t actions = 18;    // A

  int64_t latent = 32;          // L, width of a keypoint's embedding
  int64_t hidden = 64;          // width of the relation and object models' inner layers
  int64_t effect = 64;          // width of one message
  int64_t relation_layers = 3;  // at least 2; the cost of a step grows with it
  int64_t object_layers = 2;    // at least 2
  int64_t index_embedding =
      8;  // width of the learned index embedding; 0 is the paper's scalar code
  std::string aggregation = "mean";  // of the messages that a keypoint receives; or "sum"

  // How the keypoints' latents become logits: "flat" concatenates them, "pooled" takes the mean
  // over the active ones.
  std::string head = "flat";
  int64_t head_hidden = 64;

  double action_weight = 1;      // of the cross-entropy in the total loss
  double prediction_weight = 1;  // of the next-state prediction

  // Augmentation, only in losses() of a policy in training mode. Lengths are in units of half the
  // image, the scale of the network's input.
  double keypoint_noise = 0.01;  // standard deviation, drawn for every keypoint and frame
  double offset_noise = 0;       // the same, but one draw per keypoint for the whole window
  double keypoint_dropout = 0;   // probability that a keypoint is inactive in the whole window
};

// Of any policy. To add one: its config as a member here, and one line in agents/registry.cpp.
struct PolicyConfig {
  std::string name = "interaction";
  InteractionPolicyConfig interaction;
};

// The paper's policy: sizes of spec A.1, sum over all keypoints, no augmentation; 193,385
// parameters.
InteractionPolicyConfig paper_interaction_policy();

// Throws std::invalid_argument (`InteractionPolicy: graph: expected X or Y, got "Z"`) for a value
// outside of its range; make_policy calls it.
void validate(const InteractionPolicyConfig& config);

}  // namespace mint::agents
