// Which plan a policy with a plan variable follows when nobody names one (spec agents_dynamics.md,
// C.4). Decided from the demonstrations alone: no score of an environment.
#pragma once

#include <cstdint>
#include <string>

#include "agents/policy.h"
#include "training/policy_dataset.h"

namespace mint::training {

// "earliest": the plan whose demonstrations are done first, in the mean; where several are, the one
// whose actions the policy fits best. "fitted": the one whose actions the policy fits best. "none":
// no plan.
// Tells the policy and returns the plan; -1 for a policy without plans.
int64_t choose_plan(agents::Policy& policy, const PolicyDataset& dataset,
                    const std::string& choice);

}  // namespace mint::training
