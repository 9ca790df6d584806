// Which action to take when the last C predictions all say something about the present step.
#pragma once

#include <cstdint>
#include <deque>

#include <torch/types.h>

namespace mint::agents {

// A policy predicts its next C actions at every step. The probabilities that the predictions of the
// present and the previous C - 1 steps give for the present step are averaged with weights
// exp(-decay * age), age in steps. This smooths single wrong frames and keeps to what was begun.
// Rows are episodes that started together; none depends on another.
class ActionEnsemble {
 public:
  explicit ActionEnsemble(double decay) : decay_(decay) {}

  // Logits [N, C, A] of the present step -> the most probable action, int64 [N]. Throws
  // std::invalid_argument when the shape is not that of the step before.
  torch::Tensor push(const torch::Tensor& logits);

  void reset() { predictions_.clear(); }  // at the start of an episode

 private:
  double decay_;
  std::deque<torch::Tensor> predictions_;  // probabilities [N, C, A], newest first
};

}  // namespace mint::agents
