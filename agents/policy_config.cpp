#include "agents/policy_config.h"

#include <sstream>
#include <stdexcept>

namespace mint::agents {
namespace {

template <typename Value>
[[noreturn]] void reject(const char* what, const std::string& expected, const Value& got) {
  std::ostringstream message;
  message << "InteractionPolicy: " << what << ": expected " << expected << ", got " << got;
  throw std::invalid_argument(message.str());
}

void require_one_of(const char* what, const std::string& value, const std::string& first,
                    const std::string& second) {
  if (value != first && value != second) reject(what, first + " or " + second, '"' + value + '"');
}

void require_at_least(const char* what, int64_t value, int64_t least) {
  if (value < least) reject(what, ">= " + std::to_string(least), value);
}

void require_not_negative(const char* what, double value) {
  if (!(value >= 0)) reject(what, ">= 0", value);
}

}  // namespace

void validate(const InteractionPolicyConfig& config) {
  require_one_of("graph", config.graph, "joint_graph", "frame_graphs");
  require_one_of("aggregation", config.aggregation, "mean", "sum");
  require_one_of("head", config.head, "flat", "pooled");
  require_at_least("keypoints", config.keypoints, 1);
  require_at_least("history", config.history, 1);
  require_at_least("actions", config.actions, 1);
  require_at_least("latent", config.latent, 1);
  require_at_least("hidden", config.hidden, 1);
  require_at_least("effect", config.effect, 1);
  require_at_least("relation_layers", config.relation_layers, 2);
  require_at_least("object_layers", config.object_layers, 2);
  require_at_least("index_embedding", config.index_embedding, 0);
  require_at_least("head_hidden", config.head_hidden, 1);
  require_not_negative("action_weight", config.action_weight);
  require_not_negative("prediction_weight", config.prediction_weight);
  require_not_negative("keypoint_noise", config.keypoint_noise);
  require_not_negative("offset_noise", config.offset_noise);
  if (!(config.keypoint_dropout >= 0 && config.keypoint_dropout < 1)) {
    reject("keypoint_dropout", "0 <= p < 1", config.keypoint_dropout);
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

}  // namespace mint::agents
