// The training loop of behaviour cloning: shuffled batches of decisions, Adam, a falling learning
// rate, averaged weights. Knows nothing of files.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agents/policy.h"
#include "training/clone_config.h"
#include "training/policy_dataset.h"

namespace mint::training {

using MeanValues = std::map<std::string, double>;

struct PolicyTrainingCallbacks {
  // Called every `log_every` steps with the means over these steps: every loss term, the gradient's
  // norm before clipping.
  std::function<void(int64_t step, const MeanValues& values)> on_log;
  // Called after every step; returning false ends the training there.
  std::function<bool(int64_t step)> on_step;
  // Called every `look_every` steps (0: never) while the policy has its averaged weights and is in
  // evaluation mode.
  std::function<void(int64_t step)> on_look;
  int64_t log_every = 20;
  int64_t look_every = 0;
};

// Trains for config.steps steps; the policy is left in evaluation mode, with the averaged weights
// where config.ema asks for them. Returns the steps done.
int64_t train_policy(agents::Policy& policy, const PolicyDataset& dataset,
                     const CloneConfig& config, const PolicyTrainingCallbacks& callbacks);

// The share of decisions in which the policy's argmax is the expert's action, each decision
// with its demonstration's plan where the policy has one for it.
double action_accuracy(agents::Policy& policy, const PolicyDataset& dataset);

// The same for each demonstration. NaN for one without a decision.
std::vector<double> accuracy_per_plan(agents::Policy& policy, const PolicyDataset& dataset);

}  // namespace mint::training
