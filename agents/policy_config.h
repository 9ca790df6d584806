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
  double pair_swap = 0;          // that two keypoints near each other exchange their indices
};

// What the policies' last layer predicts and how that is learnt and executed
// (agents/action_head.h, agents/action_ensemble.h).
struct ActionHeadConfig {
  int64_t chunk = 8;            // C, control steps predicted at once
  bool factored = true;         // three softmaxes (3, 3, 2) instead of one over the 18 actions
  double chunk_discount = 0.9;  // step c of a chunk counts discount^c in the loss
  double label_smoothing = 0.05;
  double change_weight = 2;      // of steps whose action differs from the one before
  double ensemble_decay = 0.15;  // a prediction made a steps ago counts exp(-decay a)
};

// One action per decision, one softmax, plain cross-entropy: as published.
ActionHeadConfig published_action_head();

// Which plan is followed (agents/plan_variable.h).
struct PlanConfig {
  int64_t plans = 0;     // P, plans with a vector of their own; 0: no plan variable, -1: as many as
                         // the demonstrations that train follow, which set_plans() puts in
  int64_t width = 32;    // of the vector
  double dropout = 0.1;  // probability that a decision is trained with the vector for "no plan"
};

// Augmentation in training: the positions of a window are moved by a strength of its own, uniform
// in [0, keypoint_noise], times a normal offset per keypoint, and by the noise of each frame.
// Lengths are in units of half the image.
struct KeypointNoiseConfig {
  double keypoint_noise = 0.03;    // largest standard deviation of the offset
  double frame_noise = 0.005;      // standard deviation, drawn for every keypoint and frame
  double keypoint_dropout = 0.05;  // probability that a keypoint is inactive in the whole window
  double pair_swap = 0;            // that two keypoints near each other exchange their indices
};

// A transformer over the keypoints whose attention sees their relative positions
// (agents/attention_policy.h).
struct AttentionPolicyConfig {
  int64_t keypoints = 25;  // K, must equal the detector's
  int64_t history = 4;     // T, frames per decision

  int64_t width = 64;  // of a token
  int64_t heads = 4;   // must divide the width
  int64_t layers = 2;
  int64_t feed_forward = 128;  // width of a layer's inner layer
  int64_t readout_width = 256;
  int64_t readout_blocks = 2;
  double dropout = 0.05;  // of what each half of a layer and each block of the readout adds

  ActionHeadConfig head;
  PlanConfig plan;
  KeypointNoiseConfig noise;
  double prediction_weight = 1;  // of the displacements of the keypoints in the total loss
};

// Fully connected layers on all keypoints at once (agents/mlp_policy.h).
struct MlpPolicyConfig {
  std::string form = "residual";  // or "paper"
  int64_t keypoints = 25;         // K, must equal the detector's
  int64_t history = 4;            // T, frames per decision

  // Of the residual form; the paper's sizes are fixed.
  int64_t width = 192;
  int64_t hidden = 384;  // width of a block's inner layer
  int64_t blocks = 3;
  double dropout = 0.1;  // of what each block adds

  ActionHeadConfig head;
  PlanConfig plan;  // only the residual form has one
  KeypointNoiseConfig noise;
};

// Convolutions on the frames (agents/cnn_policy.h). The defaults are the paper's.
struct CnnPolicyConfig {
  std::string form = "paper";  // "paper": four narrow layers before the head; "shared": one wide
  int64_t history = 4;         // T, frames per decision
  int64_t frame_size = 96;     // width and height of a frame, px

  ActionHeadConfig head = published_action_head();
  PlanConfig plan;
  int64_t shift_px = 0;  // augmentation: a window is shifted by up to so many px in x and y
};

// Of any policy. To add one: its config as a member here, and one line in agents/registry.cpp.
struct PolicyConfig {
  std::string name = "interaction";
  AttentionPolicyConfig attention;
  CnnPolicyConfig cnn;
  InteractionPolicyConfig interaction;
  MlpPolicyConfig mlp;
};

// `plans` where a policy asks for as many as there are (-1).
void set_plans(PolicyConfig& config, int64_t plans);

// The paper's policy: sizes of spec A.1, sum over all keypoints, no augmentation; 193,385
// parameters.
InteractionPolicyConfig paper_interaction_policy();

// The paper's baseline on keypoints (spec A.3): no augmentation, 63,826 parameters.
MlpPolicyConfig paper_mlp_policy();

// Throw std::invalid_argument (`InteractionPolicy: graph: expected X or Y, got "Z"`) for a value
// outside of its range; make_policy calls them.
void validate(const AttentionPolicyConfig& config);
void validate(const CnnPolicyConfig& config);
void validate(const InteractionPolicyConfig& config);
void validate(const MlpPolicyConfig& config);

}  // namespace mint::agents
