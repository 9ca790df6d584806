// The last layer of a policy: what the next C control steps do.
//
// An action is three choices, id = ud + 3 lr + 9 grip (ud: none, forward, backward; lr: none, left,
// right; grip: open, close). The factored form has a softmax for each, so that a rare combination
// borrows from its frequent parts; the published form has one softmax over the 18 ids.
#pragma once

#include <cstdint>

#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "agents/policy_config.h"

namespace mint::agents {

constexpr int64_t kActions = 18;

class ActionHeadImpl : public torch::nn::Module {
 public:
  // Weights are drawn from the global generator; dynamics::initialise draws them from a given one.
  ActionHeadImpl(int64_t features, const ActionHeadConfig& config);

  // Features [N, F] -> scores [N, C, 3 + 3 + 2] or [N, C, 18], what the functions below read.
  torch::Tensor forward(const torch::Tensor& features);

  // Normalised log-probabilities [N, C, 18]. Factored: the sum of the three parts', so the most
  // probable action is made of the most probable parts.
  torch::Tensor log_probabilities(const torch::Tensor& scores) const;

  // The mean cross-entropy with `actions` [N, C], -1 beyond the end, summed over the parts. Each
  // part's target is smoothed: 1 - label_smoothing + label_smoothing / n, others
  // label_smoothing / n. Step c of sample i counts
  //
  //   weight_i * chunk_discount^c * (change_weight if action_c != action_{c-1}, else 1)
  //
  // with 0 beyond the end; `weight` [N] may be undefined. What came before c = 0 is not known, it
  // has no factor for changes: comparing with c = 1 would count the last decision before a change,
  // and teach to make it late.
  torch::Tensor loss(const torch::Tensor& scores, const torch::Tensor& actions,
                     const torch::Tensor& weight) const;

 private:
  ActionHeadConfig config_;
  torch::nn::Linear output_{nullptr};
};
TORCH_MODULE(ActionHead);

}  // namespace mint::agents
