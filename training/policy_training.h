// The training loop of behaviour cloning: shuffled batches of decisions, Adam, a falling learning
// rate. Knows nothing of files.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "agents/policy.h"
#include "training/clone_config.h"
#include "training/keypoint_dataset.h"

namespace mint::training {

using MeanValues = std::map<std::string, double>;

struct PolicyTrainingCallbacks {
  // Called every `log_every` steps with the means over these steps: every loss term, the gradient's
  // norm before clipping.
  std::function<void(int64_t step, const MeanValues& values)> on_log;
  // Called after every step; returning false ends the training there.
  std::function<bool(int64_t step)> on_step;
  int64_t log_every = 20;
};

// Trains for config.steps steps; the policy is left in evaluation mode. Returns the steps done.
int64_t train_policy(agents::Policy& policy, const KeypointDataset& dataset,
                     const CloneConfig& config, const PolicyTrainingCallbacks& callbacks);

// The share of decisions in which the policy's argmax is the expert's action.
double action_accuracy(agents::Policy& policy, const KeypointDataset& dataset);

}  // namespace mint::training
