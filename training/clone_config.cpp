#include "training/clone_config.h"

#include "agents/registry.h"
#include "envs/task.h"
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
}

void fields(Fields& f, CloneConfig& c) {
  Text task = one_of(task_names());
  task.required = "a task";
  f.field("task", c.task, task, "whose demonstrations to clone");
  data_fields(f, c.data);
  f.field("detector", c.detector, required("the run of a detector"), "run of mint pretrain");
  f.field("detect_gamma", c.detect_gamma, at_least(0),
          "activation threshold of the detector; 0: its own");
  f.field("idle_tail", c.idle_tail, range(0, 1000000),
          "samples kept of the wait at the end of a demonstration; 0: all");
  f.field("output", c.output, any_text(), "new run directory; runs/clone-TASK, -2 ... when empty");
  f.field("policy", c.policy.name, one_of(agents::policy_names()), "what to train");
  f.group("interaction", c.policy.interaction);
  f.field("steps", c.steps, range(1, 100000000), "of the optimiser");
  f.field("batch", c.batch, range(1, 65536), "decisions per step");
  f.field("learning_rate", c.learning_rate, above(0), "of Adam; falls to 0 along a cosine");
  f.field("weight_decay", c.weight_decay, at_least(0), "L2, added to the gradient");
  f.field("gradient_clip", c.gradient_clip, above(0), "largest global L2 norm of the gradient");
  f.field("seed", c.seed, range(0, 9007199254740992.0), "root seed of the run");
}

}  // namespace mint::training
