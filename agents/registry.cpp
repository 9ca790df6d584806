#include "agents/registry.h"

#include <functional>
#include <map>
#include <stdexcept>

#include "agents/attention_policy.h"
#include "agents/cnn_policy.h"
#include "agents/interaction_policy.h"
#include "agents/mlp_policy.h"

namespace mint::agents {
namespace {

using Maker = std::function<std::shared_ptr<Policy>(const PolicyConfig&, uint64_t seed)>;

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> table = {
      {"attention",
       [](const PolicyConfig& config, uint64_t seed) {
         return std::make_shared<AttentionPolicy>(config.attention, seed);
       }},
      {"cnn", [](const PolicyConfig& config,
                 uint64_t seed) { return std::make_shared<CnnPolicy>(config.cnn, seed); }},
      {"interaction",
       [](const PolicyConfig& config, uint64_t seed) {
         return std::make_shared<InteractionPolicy>(config.interaction, seed);
       }},
      {"mlp", [](const PolicyConfig& config,
                 uint64_t seed) { return std::make_shared<MlpPolicy>(config.mlp, seed); }},
  };
  return table;
}

}  // namespace

std::shared_ptr<Policy> make_policy(const PolicyConfig& config, uint64_t seed) {
  const auto maker = makers().find(config.name);
  if (maker == makers().end()) {
    std::string known;
    for (const std::string& name : policy_names()) known += (known.empty() ? "" : ", ") + name;
    throw std::invalid_argument("make_policy: name: expected one of " + known + ", got \"" +
                                config.name + "\"");
  }
  return maker->second(config, seed);
}

std::vector<std::string> policy_names() {
  std::vector<std::string> names;
  for (const auto& [name, maker] : makers()) names.push_back(name);
  return names;
}

}  // namespace mint::agents
