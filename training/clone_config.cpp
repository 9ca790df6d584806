#include "training/clone_config.h"

#include "agents/registry.h"
#include "envs/task.h"
#include "training/optimisation_fields.h"
#include "training/pretrain_config.h"

namespace mint::training {

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const envs::TaskSpec& task : envs::tasks()) names.push_back(task.name);
  return names;
}

void fields(Fields& f, agents::InteractionPolicyConfig& c) {
  f.field("graph", c.graph, one_of({"joint_graph", "frame_graphs"}),
          "one graph per decision, or the paper's one per frame");
  f.field("keypoints", c.keypoints, range(1, 512), "K, must equal the detector's");
  f.field("history", c.history, range(1, 64), "T, frames per decision");
  f.field("latent", c.latent, range(1, 4096), "width of a keypoint's embedding");
  f.field("hidden", c.hidden, range(1, 4096), "width of inner layers");
  f.field("effect", c.effect, range(1, 4096), "width of a message");
  f.field("relation_layers", c.relation_layers, range(2, 16), "of the relation model");
  f.field("object_layers", c.object_layers, range(2, 16), "of the object model");
  f.field("index_embedding", c.index_embedding, range(0, 1024),
          "width of the learned index embedding; 0: the paper's scalar code");
  f.field("aggregation", c.aggregation, one_of({"mean", "sum"}), "of the messages");
  f.field("head", c.head, one_of({"flat", "pooled"}), "how latents become logits");
  f.field("head_hidden", c.head_hidden, range(1, 4096), "width of the head's inner layer");
  f.field("action_weight", c.action_weight, at_least(0), "of the cross-entropy");
  f.field("prediction_weight", c.prediction_weight, at_least(0), "of the next-state prediction");
  f.field("keypoint_noise", c.keypoint_noise, at_least(0),
          "standard deviation per keypoint and frame, in half images");
  f.field("offset_noise", c.offset_noise, at_least(0),
          "standard deviation per keypoint, equal in all frames");
  f.field("keypoint_dropout", c.keypoint_dropout, range(0, 0.99),
          "probability that a keypoint is inactive");
  f.field("pair_swap", c.pair_swap, range(0, 0.99),
          "probability that two keypoints near each other exchange their indices");
}

void fields(Fields& f, CopiesConfig& c) {
  f.field("copies", c.copies, range(0, 64), "of the frames, moved, besides them as recorded");
  f.field("shift_px", c.shift_px, range(0, 16), "at most, along each side");
  f.field("rotation_deg", c.rotation_deg, range(0, 45), "at most, either way");
  f.field("mirrors", c.mirrors, "every copy once more with left and right swapped");
}

void fields(Fields& f, DaggerConfig& c) {
  f.field("rounds", c.rounds, range(1, 1000), "of rollouts, spread evenly over the steps");
  f.field("episodes", c.episodes, range(1, 10000), "in Demo, in each round");
  f.field("mixing", c.mixing, range(0, 1),
          "a decision of round r is the expert's with probability mixing^r");
  f.field("noise", c.noise, range(0, 0.9), "probability that a step executes another action");
}

void fields(Fields& f, agents::ActionHeadConfig& c) {
  f.field("chunk", c.chunk, range(1, 64), "C, control steps predicted at once");
  f.field("factored", c.factored, "three softmaxes (3, 3, 2) instead of one over the 18 actions");
  f.field("chunk_discount", c.chunk_discount, range(0, 1), "step c counts discount^c in the loss");
  f.field("label_smoothing", c.label_smoothing, range(0, 0.99), "of the actions");
  f.field("change_weight", c.change_weight, at_least(0), "of steps whose action changes");
  f.field("ensemble_decay", c.ensemble_decay, at_least(0),
          "a prediction made a steps ago counts exp(-decay a)");
}

void fields(Fields& f, agents::PlanConfig& c) {
  f.field("plans", c.plans, range(-1, 1000000),
          "plans with a vector of their own; -1: all that are trained on; 0: no plan variable");
  f.field("width", c.width, range(1, 4096), "of the vector");
  f.field("dropout", c.dropout, range(0, 1), "probability of training without a plan");
}

void fields(Fields& f, agents::KeypointNoiseConfig& c) {
  f.field("keypoint_noise", c.keypoint_noise, at_least(0),
          "largest standard deviation of a keypoint's offset, in half images");
  f.field("frame_noise", c.frame_noise, at_least(0), "standard deviation per keypoint and frame");
  f.field("keypoint_dropout", c.keypoint_dropout, range(0, 0.99),
          "probability that a keypoint is inactive");
  f.field("pair_swap", c.pair_swap, range(0, 0.99),
          "probability that two keypoints near each other exchange their indices");
}

void fields(Fields& f, agents::AttentionPolicyConfig& c) {
  f.field("keypoints", c.keypoints, range(1, 512), "K, must equal the detector's");
  f.field("history", c.history, range(1, 64), "T, frames per decision");
  f.field("width", c.width, range(1, 4096), "of a token");
  f.field("heads", c.heads, range(1, 256), "must divide the width");
  f.field("layers", c.layers, range(1, 64), "of the transformer");
  f.field("feed_forward", c.feed_forward, range(1, 16384), "width of a layer's inner layer");
  f.field("readout_width", c.readout_width, range(1, 16384),
          "of the layers from all tokens to actions");
  f.field("readout_blocks", c.readout_blocks, range(0, 64), "residual blocks of the readout");
  f.field("dropout", c.dropout, range(0, 0.99), "of what each half of a layer adds");
  f.field("prediction_weight", c.prediction_weight, at_least(0), "of the keypoints' displacements");
  f.group("head", c.head);
  f.group("plan", c.plan);
  f.group("noise", c.noise);
}

void fields(Fields& f, agents::MlpPolicyConfig& c) {
  f.field("form", c.form, one_of({"residual", "paper"}), "residual blocks, or the paper's layers");
  f.field("keypoints", c.keypoints, range(1, 512), "K, must equal the detector's");
  f.field("history", c.history, range(1, 64), "T, frames per decision");
  f.field("width", c.width, range(1, 16384), "of the residual form");
  f.field("hidden", c.hidden, range(1, 16384), "width of a block's inner layer");
  f.field("blocks", c.blocks, range(0, 64), "residual blocks");
  f.field("dropout", c.dropout, range(0, 0.99), "of what each block adds");
  f.group("head", c.head);
  f.group("plan", c.plan);
  f.group("noise", c.noise);
}

void fields(Fields& f, agents::CnnPolicyConfig& c) {
  f.field("form", c.form, one_of({"paper", "shared"}),
          "after the convolutions: the paper's layers, or one to the shared action head");
  f.field("history", c.history, range(1, 64), "T, frames per decision");
  f.field("frame_size", c.frame_size, range(16, 1024), "width and height of a frame, px");
  f.field("shift_px", c.shift_px, range(0, 64), "a window is shifted by up to so much in x and y");
  f.group("head", c.head);
  f.group("plan", c.plan);
}

void training_fields(Fields& f, CloneConfig& c) {
  f.field("detect_gamma", c.detect_gamma, at_least(0),
          "activation threshold of the detector; 0: its own");
  f.field("idle_tail", c.idle_tail, range(0, 1000000),
          "decisions kept of the wait at the end of a demonstration; 0: all");
  f.field("idle_weight", c.idle_weight, range(0, 1), "of the decisions beyond; 0: left out");
  f.group("copies", c.copies);
  optimisation_fields(f, c, "decisions");
  f.field(
      "plan_choice", c.plan_choice, one_of({"earliest", "fitted", "none", "retraced"}),
      "plan to follow: the one that is done first, is fitted best, or whose rollouts in Demo end "
      "most like its demonstrations");
}

void fields(Fields& f, CloneConfig& c) {
  Text task = one_of(task_names());
  task.required = "a task";
  f.field("task", c.task, task, "whose demonstrations to clone");
  data_fields(f, c.data);
  f.field("detector", c.detector, any_text(), "run of mint pretrain; not for policies on pixels");
  f.field("output", c.output, any_text(), "new run directory; runs/clone-TASK, -2 ... when empty");
  f.field("policy", c.policy.name, one_of(agents::policy_names()), "what to train");
  f.group("attention", c.policy.attention);
  f.group("cnn", c.policy.cnn);
  f.group("interaction", c.policy.interaction);
  f.group("mlp", c.policy.mlp);
  f.field("algorithm", c.algorithm, one_of({"clone", "dagger"}),
          "learn from the demonstrations, or also from a scripted expert's labels of rollouts");
  f.group("dagger", c.dagger);
  training_fields(f, c);
  f.field("rollout_every", c.rollout_every, range(0, 100000000),
          "steps between two films of an episode; 0: none");
  f.field("checkpoint_every", c.checkpoint_every, range(0, 100000000),
          "steps between two checkpoints; 0: only at the end");
  f.field("seed", c.seed, range(0, 9007199254740992.0), "root seed of the run");
}

}  // namespace mint::training
