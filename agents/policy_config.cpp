#include "agents/policy_config.h"

#include <sstream>
#include <stdexcept>

namespace mint::agents {
namespace {

// Names the policy whose config is looked at.
class Check {
 public:
  explicit Check(const char* policy) : policy_(policy) {}

  template <typename Value>
  [[noreturn]] void reject(const char* what, const std::string& expected, const Value& got) const {
    std::ostringstream message;
    message << policy_ << ": " << what << ": expected " << expected << ", got " << got;
    throw std::invalid_argument(message.str());
  }

  void one_of(const char* what, const std::string& value, const std::string& first,
              const std::string& second) const {
    if (value != first && value != second) reject(what, first + " or " + second, '"' + value + '"');
  }
  void at_least(const char* what, int64_t value, int64_t least) const {
    if (value < least) reject(what, ">= " + std::to_string(least), value);
  }
  void not_negative(const char* what, double value) const {
    if (!(value >= 0)) reject(what, ">= 0", value);
  }
  void dropout(const char* what, double value) const {
    if (!(value >= 0 && value < 1)) reject(what, "0 <= p < 1", value);
  }

 private:
  const char* policy_;
};

void check_head(const Check& check, const ActionHeadConfig& config) {
  check.at_least("head.chunk", config.chunk, 1);
  if (!(config.chunk_discount > 0 && config.chunk_discount <= 1)) {
    check.reject("head.chunk_discount", "0 < d <= 1", config.chunk_discount);
  }
  check.dropout("head.label_smoothing", config.label_smoothing);
  check.not_negative("head.change_weight", config.change_weight);
  check.not_negative("head.ensemble_decay", config.ensemble_decay);
}

void check_plan(const Check& check, const PlanConfig& config) {
  check.at_least("plan.plans", config.plans, 0);
  check.at_least("plan.width", config.width, 1);
  if (!(config.dropout >= 0 && config.dropout <= 1)) {
    check.reject("plan.dropout", "0 <= p <= 1", config.dropout);
  }
}

void check_noise(const Check& check, const KeypointNoiseConfig& config) {
  check.not_negative("noise.keypoint_noise", config.keypoint_noise);
  check.not_negative("noise.frame_noise", config.frame_noise);
  check.dropout("noise.keypoint_dropout", config.keypoint_dropout);
  check.dropout("noise.pair_swap", config.pair_swap);
}

}  // namespace

void validate(const AttentionPolicyConfig& config) {
  const Check check("AttentionPolicy");
  check.at_least("keypoints", config.keypoints, 1);
  check.at_least("history", config.history, 1);
  check.at_least("width", config.width, 1);
  check.at_least("heads", config.heads, 1);
  if (config.width % config.heads != 0) {
    check.reject("heads", "a divisor of width " + std::to_string(config.width), config.heads);
  }
  check.at_least("layers", config.layers, 1);
  check.at_least("feed_forward", config.feed_forward, 1);
  check.at_least("readout_width", config.readout_width, 1);
  check.at_least("readout_blocks", config.readout_blocks, 0);
  check.dropout("dropout", config.dropout);
  check_head(check, config.head);
  check_plan(check, config.plan);
  check_noise(check, config.noise);
  check.not_negative("prediction_weight", config.prediction_weight);
}

void validate(const CnnPolicyConfig& config) {
  const Check check("CnnPolicy");
  check.one_of("form", config.form, "paper", "shared");
  check.at_least("history", config.history, 1);
  check.at_least("frame_size", config.frame_size, 16);
  check_head(check, config.head);
  check_plan(check, config.plan);
  check.at_least("shift_px", config.shift_px, 0);
}

void validate(const InteractionPolicyConfig& config) {
  const Check check("InteractionPolicy");
  check.one_of("graph", config.graph, "joint_graph", "frame_graphs");
  check.one_of("aggregation", config.aggregation, "mean", "sum");
  check.one_of("head", config.head, "flat", "pooled");
  check.at_least("keypoints", config.keypoints, 1);
  check.at_least("history", config.history, 1);
  check.at_least("actions", config.actions, 1);
  check.at_least("latent", config.latent, 1);
  check.at_least("hidden", config.hidden, 1);
  check.at_least("effect", config.effect, 1);
  check.at_least("relation_layers", config.relation_layers, 2);
  check.at_least("object_layers", config.object_layers, 2);
  check.at_least("index_embedding", config.index_embedding, 0);
  check.at_least("head_hidden", config.head_hidden, 1);
  check.not_negative("action_weight", config.action_weight);
  check.not_negative("prediction_weight", config.prediction_weight);
  check.not_negative("keypoint_noise", config.keypoint_noise);
  check.not_negative("offset_noise", config.offset_noise);
  check.dropout("keypoint_dropout", config.keypoint_dropout);
  check.dropout("pair_swap", config.pair_swap);
}

void validate(const MlpPolicyConfig& config) {
  const Check check("MlpPolicy");
  check.one_of("form", config.form, "paper", "residual");
  check.at_least("keypoints", config.keypoints, 1);
  check.at_least("history", config.history, 1);
  check.at_least("width", config.width, 1);
  check.at_least("hidden", config.hidden, 1);
  check.at_least("blocks", config.blocks, 0);
  check.dropout("dropout", config.dropout);
  check_head(check, config.head);
  check_plan(check, config.plan);
  if (config.form == "paper" && config.plan.plans != 0) {
    check.reject("plan.plans", "0 in the paper's form", config.plan.plans);
  }
  check_noise(check, config.noise);
}

ActionHeadConfig published_action_head() {
  ActionHeadConfig config;
  config.chunk = 1;
  config.factored = false;
  config.label_smoothing = 0;
  config.change_weight = 1;
  config.ensemble_decay = 0;
  return config;
}

void set_plans(PolicyConfig& config, int64_t plans) {
  for (PlanConfig* plan : {&config.attention.plan, &config.cnn.plan, &config.mlp.plan}) {
    if (plan->plans < 0) plan->plans = plans;
  }
}

InteractionPolicyConfig paper_interaction_policy() {
  InteractionPolicyConfig config;
  config.graph = "frame_graphs";
  config.hidden = 100;
  config.effect = 100;
  config.relation_layers = 4;
  config.object_layers = 4;
  config.index_embedding = 0;
  config.aggregation = "sum";
  config.head_hidden = 32;
  config.action_weight = 10;
  config.keypoint_noise = 0;
  return config;
}

MlpPolicyConfig paper_mlp_policy() {
  MlpPolicyConfig config;
  config.form = "paper";
  config.head = published_action_head();
  config.noise = {0, 0, 0};
  return config;
}

}  // namespace mint::agents
