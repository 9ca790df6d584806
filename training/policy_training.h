// The training loop of behaviour cloning: shuffled batches of decisions, Adam, a falling learning
// rate, averaged weights. Knows nothing of files.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agents/policy.h"
#include "training/checkpoint.h"
#include "training/clone_config.h"
#include "training/optimisation.h"
#include "training/policy_dataset.h"
#include "training/step_means.h"

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
  // The same every `checkpoint_every` steps but the last, with PolicyTrainer::state().
  std::function<void(int64_t step, const NamedTensors& state)> on_checkpoint;
  int64_t log_every = 20;
  int64_t look_every = 0;
  int64_t checkpoint_every = 0;
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

  int64_t steps() const { return optimisation_.steps(); }  // done

  // All that a checkpoint needs besides the policy's tensors, while the policy has the averaged
  // weights: between two parts.
  NamedTensors state();

  // Goes on from there: train() must be called for all parts again, and passes over what is done.
  void load(const TrainingState& state);

 private:
  void log_means();
  void show(const std::function<void()>& callback);

  agents::Policy& policy_;
  CloneConfig config_;
  PolicyTrainingCallbacks callbacks_;
  Optimisation optimisation_;
  StepMeans means_;  // since the last log
  uint64_t part_ = 0;
  int64_t part_begin_ = 0;  // step
};

// The share of decisions in which the policy's argmax is the expert's action, each decision
// with its plan where the policy has one for it.
double action_accuracy(agents::Policy& policy, const PolicyDataset& dataset);

// The same for each plan. NaN for one without a decision.
std::vector<double> accuracy_per_plan(agents::Policy& policy, const PolicyDataset& dataset);

}  // namespace mint::training
