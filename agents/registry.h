// The policies by name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "agents/policy.h"
#include "agents/policy_config.h"

namespace mint::agents {

// A fresh policy in training mode. The same config and seed give the same weights and the same
// augmentation, whatever the global generator's state. Throws std::invalid_argument for an unknown
// name (listing the known ones) and for values outside of their range.
std::shared_ptr<Policy> make_policy(const PolicyConfig& config, uint64_t seed);

// Sorted.
std::vector<std::string> policy_names();

}  // namespace mint::agents
