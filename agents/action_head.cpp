#include "agents/action_head.h"

#include <limits>
#include <vector>

#include <torch/torch.h>

namespace mint::agents {
namespace {

using torch::Tensor;

struct ActionPart {
  int64_t choices;
  int64_t stride;  // choice = id / stride % choices
};

const std::vector<ActionPart>& action_parts(bool is_factored) {
  static const std::vector<ActionPart> factored = {{3, 1}, {3, 3}, {2, 9}}, whole = {{kActions, 1}};
  return is_factored ? factored : whole;
}

int64_t score_width(bool is_factored) {
  int64_t width = 0;
  for (const ActionPart& part : action_parts(is_factored)) width += part.choices;
  return width;
}

// How much each step of each sample counts, [N, C].
Tensor step_weights(const ActionHeadConfig& config, const Tensor& actions, const Tensor& weight) {
  const int64_t later = config.chunk - 1;
  Tensor counts = actions.ge(0).to(torch::kFloat64);
  counts *= torch::pow(config.chunk_discount, torch::arange(config.chunk, counts.options()));
  if (weight.defined()) counts *= weight.unsqueeze(1);
  if (later > 0) {
    const Tensor changes = actions.narrow(1, 1, later).ne(actions.narrow(1, 0, later));
    counts.narrow(1, 1, later).mul_(changes * (config.change_weight - 1) + 1);
  }
  return counts;
}

}  // namespace

ActionHeadImpl::ActionHeadImpl(int64_t features, const ActionHeadConfig& config)
    : config_(config),
      output_(register_module(
          "output", torch::nn::Linear(features, config.chunk * score_width(config.factored)))) {}

Tensor ActionHeadImpl::forward(const Tensor& features) {
  return output_->forward(features).view(
      {features.size(0), config_.chunk, score_width(config_.factored)});
}

Tensor ActionHeadImpl::log_probabilities(const Tensor& scores) const {
  if (!config_.factored) return scores.log_softmax(2);
  const auto parts = scores.split_with_sizes({3, 3, 2}, 2);
  const Tensor forward = parts[0].log_softmax(2), turn = parts[1].log_softmax(2);
  const Tensor grip = parts[2].log_softmax(2);
  const Tensor moves = turn.unsqueeze(3) + forward.unsqueeze(2);  // [N, C, lr, ud]
  return (grip.unsqueeze(3).unsqueeze(4) + moves.unsqueeze(2)).flatten(2);
}

Tensor ActionHeadImpl::loss(const Tensor& scores, const Tensor& actions,
                            const Tensor& weight) const {
  const double smoothing = config_.label_smoothing;
  const Tensor known = actions.clamp_min(0);
  Tensor error;
  int64_t begin = 0;
  for (const ActionPart& part : action_parts(config_.factored)) {
    const Tensor log_probability = scores.narrow(2, begin, part.choices).log_softmax(2);
    const Tensor choice = known.div(part.stride, "floor").remainder(part.choices).unsqueeze(2);
    Tensor each = -(1 - smoothing) * log_probability.gather(2, choice).squeeze(2);
    if (smoothing > 0) each = each - smoothing * log_probability.mean(2);
    error = error.defined() ? error + each : each;
    begin += part.choices;
  }

  const Tensor counts = step_weights(config_, actions, weight).to(error.scalar_type());
  return (error * counts).sum() / counts.sum().clamp_min(std::numeric_limits<float>::min());
}

}  // namespace mint::agents
