#include "agents/mlp_policy.h"

#include <torch/torch.h>

#include "agents/evaluation_mode.h"
#include "agents/keypoint_inputs.h"
#include "agents/residual_block.h"
#include "agents/row_by_row.h"
#include "dynamics/initialise.h"
#include "dynamics/keypoint_states.h"
#include "dynamics/require_shape.h"

namespace mint::agents {

using torch::Tensor;

MlpPolicy::MlpPolicy(const MlpPolicyConfig& config, uint64_t seed)
    : config_(config),
      is_paper_(config.form == "paper"),
      noise_(seed, register_buffer("augmentations", torch::zeros({}, torch::kInt64))) {
  validate(config);
  const int64_t width = config.width;
  plan_ = register_module("plan", PlanVariable(config.plan));
  if (is_paper_) {
    const int64_t numbers = 4 * config.keypoints * config.history;
    published_ = register_module("published", PublishedLayers(numbers));
    head_ = register_module("head", ActionHead(PublishedLayersImpl::kOutputs, config.head));
  } else {
    const int64_t numbers = config.keypoints * dynamics::keypoint_state_width(config.history);
    input_ = register_module("input", torch::nn::Linear(numbers, width));
    blocks_ = register_module("blocks", torch::nn::ModuleList());
    for (int64_t block = 0; block < config.blocks; ++block) {
      blocks_->push_back(ResidualBlock(width, config.hidden, plan_->width(), config.dropout));
    }
    norm_ = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width})));
    head_ = register_module("head", ActionHead(width, config.head));
  }
  at::Generator generator = at::detail::createCPUGenerator(seed);
  dynamics::initialise(*this, generator);
}

Tensor MlpPolicy::logits(const Observation& observation) {
  check_window("MlpPolicy.logits", observation, config_.history, config_.keypoints);
  const EvaluationMode evaluation(*this);  // batch normalisation
  return row_by_row(observation, [this](const Observation& alone) {
    return head_->log_probabilities(scores(alone, /*noise=*/nullptr));
  });
}

Losses MlpPolicy::losses(const Sample& given) {
  check_window("MlpPolicy.losses", given.observation, config_.history, config_.keypoints);
  dynamics::require_shape("MlpPolicy.losses", "actions", given.actions,
                          given.observation.xy.size(0), {chunk()});
  const Sample sample =
      with_swapped_pairs(given, is_training() ? config_.noise.pair_swap : 0, noise_);
  Tensor found;
  if (is_training()) {
    at::Generator generator = noise_.next();
    found = scores(with_noise(sample.observation, keypoint_noise(config_.noise), generator),
                   &generator);
  } else {
    found = scores(sample.observation, /*noise=*/nullptr);
  }
  const Tensor action = head_->loss(found, sample.actions, sample.weight);
  return {{"action", action}, {"total", action}};
}

Tensor MlpPolicy::scores(const Observation& observation, at::Generator* noise) {
  const Tensor numbers = inputs(observation);
  if (is_paper_) return head_->forward(published_->forward(numbers));
  const Tensor plan = plan_->forward(observation, numbers.size(0), noise);
  Tensor values = input_->forward(numbers);
  for (const auto& block : *blocks_) {
    values = block->as<ResidualBlockImpl>()->forward(values, plan, noise);
  }
  return head_->forward(norm_->forward(values));
}

Tensor MlpPolicy::inputs(const Observation& observation) const {
  const auto options = (is_paper_ ? published_->parameters()[0] : input_->weight).options();
  const Tensor active = observation.active.to(options);  // [N, T, K]
  const Tensor positions =
      dynamics::masked_positions(observation.xy.to(options), active);  // [N, T, K, 2]
  if (!is_paper_) return dynamics::keypoint_states(positions, active).flatten(1);
  const Tensor code = torch::linspace(-1, 1, config_.keypoints, options.requires_grad(false));
  return torch::cat({code.expand_as(active).unsqueeze(3), positions, active.unsqueeze(3)}, 3)
      .flatten(1);
}

}  // namespace mint::agents
