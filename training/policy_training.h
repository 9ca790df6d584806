// The training loop of behaviour cloning: shuffled batches of decisions, Adam, a falling learning
// rate, averaged weights. Knows nothing of files.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <torch/optim/optimizer.h>

#include "agents/policy.h"
#include "training/averaged_weights.h"
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

// One training of config.steps steps: one optimiser, one course of the learning rate, one average
// of the weights. In parts, so that there can be more data in each. The policy and the callbacks'
// captures outlive it.
class PolicyTrainer {
 public:
  PolicyTrainer(agents::Policy& policy, const CloneConfig& config,
                const PolicyTrainingCallbacks& callbacks);

  // Trains on `dataset` up to step `end` of the whole. The policy is left in evaluation mode, with
  // the averaged weights where config.ema asks for them; training goes on from the others. False
  // when on_step ended it: it must not be called again then.
  bool train(const PolicyDataset& dataset, int64_t end);

  int64_t steps() const { return step_; }  // done

 private:
  void log_sums();

  agents::Policy& policy_;
  CloneConfig config_;
  PolicyTrainingCallbacks callbacks_;
  std::vector<torch::Tensor> parameters_;
  std::unique_ptr<torch::optim::Optimizer> optimiser_;
  AveragedWeights average_;
  MeanValues sums_;     // since the last log
  int64_t summed_ = 0;  // steps
  int64_t step_ = 0;
  uint64_t part_ = 0;
};

// The share of decisions in which the policy's argmax is the expert's action, each decision
// with its plan where the policy has one for it.
double action_accuracy(agents::Policy& policy, const PolicyDataset& dataset);

// The same for each plan. NaN for one without a decision.
std::vector<double> accuracy_per_plan(agents::Policy& policy, const PolicyDataset& dataset);

}  // namespace mint::training
