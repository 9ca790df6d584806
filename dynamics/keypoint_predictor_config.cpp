#include "dynamics/keypoint_predictor_config.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace mint::dynamics {
namespace {

template <typename Value>
[[noreturn]] void reject(const char* what, const std::string& expected, const Value& got) {
  std::ostringstream message;
  message << "KeypointPredictor: " << what << ": expected " << expected << ", got " << got;
  throw std::invalid_argument(message.str());
}

void one_of(const char* what, const std::string& value, const std::string& first,
            const std::string& second) {
  if (value != first && value != second) reject(what, first + " or " + second, '"' + value + '"');
}

void at_least(const char* what, int64_t value, int64_t least) {
  if (value < least) reject(what, ">= " + std::to_string(least), value);
}

}  // namespace

int64_t target_frames(const KeypointPredictorConfig& config) {
  return std::max(config.horizons, config.unroll);
}

KeypointPredictorConfig paper_keypoint_predictor() {
  KeypointPredictorConfig config;
  config.form = "paper";
  config.hidden = 100;
  config.effect = 100;
  config.relation_layers = 4;
  config.object_layers = 4;
  config.index_embedding = 0;
  config.aggregation = "sum";
  config.unroll = 0;
  config.linear_beyond = 1;
  return config;
}

void validate(const KeypointPredictorConfig& config) {
  one_of("form", config.form, "displacement", "paper");
  at_least("keypoints", config.keypoints, 1);
  at_least("history", config.history, 1);
  at_least("horizons", config.horizons, 1);
  if (config.actions != 0 && config.actions != 18) reject("actions", "0 or 18", config.actions);
  if (config.actions != 0 && config.horizons != 1) {
    reject("horizons", "1 with actions (unrolling gives more)", config.horizons);
  }
  at_least("latent", config.latent, 1);
  at_least("hidden", config.hidden, 1);
  at_least("effect", config.effect, 1);
  at_least("relation_layers", config.relation_layers, 2);
  at_least("object_layers", config.object_layers, 2);
  at_least("index_embedding", config.index_embedding, 0);
  one_of("aggregation", config.aggregation, "mean", "sum");
  at_least("unroll", config.unroll, 0);
  if (!(config.unroll_weight >= 0)) reject("unroll_weight", ">= 0", config.unroll_weight);
  if (!(config.linear_beyond > 0)) reject("linear_beyond", "> 0", config.linear_beyond);
}

}  // namespace mint::dynamics
