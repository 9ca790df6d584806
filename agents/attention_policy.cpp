#include "agents/attention_policy.h"

#include <limits>

#include <torch/torch.h>

#include "agents/attention_layer.h"
#include "agents/keypoint_inputs.h"
#include "agents/row_by_row.h"
#include "dynamics/initialise.h"

namespace mint::agents {
namespace {

using torch::Tensor;

constexpr int64_t kRelationInputs = 4, kRelationWidth = 16;

// Small against the states, which say where the keypoints are.
constexpr double kIndexScale = 0.1;

// How keypoint j lies from keypoint i, [4, N * K * K] with j innermost: (dx, dy, distance, s_i
// s_j).
Tensor relations(const Tensor& positions, const Tensor& active) {
  const Tensor place = positions.permute({2, 0, 1});              // [2, N, K]
  const Tensor offset = place.unsqueeze(2) - place.unsqueeze(3);  // [2, N, K, K]
  const Tensor distance = offset.square().sum(0, /*keepdim=*/true).sqrt();
  const Tensor both = (active.unsqueeze(1) * active.unsqueeze(2)).unsqueeze(0);
  return torch::cat({offset, distance, both}).view({kRelationInputs, -1});
}

}  // namespace

AttentionPolicy::AttentionPolicy(const AttentionPolicyConfig& config, uint64_t seed)
    : config_(config),
      noise_(seed, register_buffer("augmentations", torch::zeros({}, torch::kInt64))) {
  validate(config);
  const int64_t width = config.width;
  plan_ = register_module("plan", PlanVariable(config.plan));
  state_ = register_module("state", torch::nn::Linear(keypoint_state_width(config.history), width));
  index_ = register_module("index", torch::nn::Embedding(config.keypoints + 1, width));
  if (plan_->width() > 0) {
    plan_token_ = register_module("plan_token", torch::nn::Linear(plan_->width(), width));
  }
  relation_ = register_module("relation", torch::nn::Linear(kRelationInputs, kRelationWidth));
  relation_bias_ = register_module(
      "relation_bias", torch::nn::Linear(kRelationWidth, (config.layers - 1) * config.heads));
  layers_ = register_module("layers", torch::nn::ModuleList());
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    layers_->push_back(AttentionLayer(AttentionLayerConfig{width, config.heads, config.feed_forward,
                                                           plan_->width(), config.dropout}));
  }
  norm_ = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width})));
  readout_ = register_module("readout", torch::nn::Linear(width, config.feed_forward));
  head_ = register_module("head", ActionHead(config.feed_forward, config.head));
  displacement_ = register_module("displacement", torch::nn::Linear(width, 2 * config.head.chunk));

  at::Generator generator = at::detail::createCPUGenerator(seed);
  dynamics::initialise(*this, generator);
  torch::NoGradGuard no_grad;
  index_->weight.mul_(kIndexScale);
}

Tensor AttentionPolicy::logits(const Observation& observation) {
  check_window("AttentionPolicy.logits", observation, config_.history, config_.keypoints);
  return row_by_row(observation, [this](const Observation& alone) {
    return head_->log_probabilities(scores(encode(alone, /*noise=*/nullptr).readout));
  });
}

Losses AttentionPolicy::losses(const Sample& given) {
  check_window("AttentionPolicy.losses", given.observation, config_.history, config_.keypoints);
  check_targets("AttentionPolicy.losses", given, chunk(), config_.keypoints);
  const Sample sample =
      with_swapped_pairs(given, is_training() ? config_.noise.pair_swap : 0, noise_);
  Encoding encoding;
  if (is_training()) {
    at::Generator generator = noise_.next();
    const Observation noisy =
        with_noise(sample.observation, keypoint_noise(config_.noise), generator);
    encoding = encode(noisy, &generator);
  } else {
    encoding = encode(sample.observation, /*noise=*/nullptr);
  }

  const Tensor moves = displacement_->forward(norm_->forward(encoding.keypoints))
                           .unflatten(2, {chunk(), 2})
                           .transpose(1, 2);  // [N, C, K, 2]
  Losses losses;
  losses["action"] = head_->loss(scores(encoding.readout), sample.actions, sample.weight);
  losses["prediction"] = displacement_loss(moves, encoding.positions, encoding.active, sample);
  losses["total"] = losses["action"] + config_.prediction_weight * losses["prediction"];
  return losses;
}

AttentionPolicy::Encoding AttentionPolicy::encode(const Observation& observation,
                                                  at::Generator* noise) {
  const auto type = state_->weight.scalar_type();
  const Tensor active = observation.active.to(type);                           // [N, T, K]
  const Tensor positions = masked_positions(observation.xy.to(type), active);  // [N, T, K, 2]
  const int64_t count = active.size(0), last = config_.history - 1;

  const Tensor plan = plan_->forward(observation, count, noise);
  Tensor readout = index_->weight[config_.keypoints].expand({count, config_.width});
  if (plan_token_) readout = readout + plan_token_->forward(plan);
  const Tensor states = state_->forward(keypoint_states(positions, active)) +
                        index_->weight.narrow(0, 0, config_.keypoints);

  Encoding encoding;
  encoding.positions = positions.select(1, last);
  encoding.active = active.select(1, last);
  const auto bias = biases(encoding.positions, encoding.active);
  Tensor tokens = torch::cat({readout.unsqueeze(1), states}, 1);
  for (size_t layer = 0; layer < bias.size(); ++layer) {
    if (layer + 1 == bias.size()) encoding.keypoints = tokens.narrow(1, 1, config_.keypoints);
    tokens = layers_->ptr<AttentionLayerImpl>(layer)->forward(tokens, bias[layer], plan, noise);
  }
  encoding.readout = tokens.select(1, 0);
  return encoding;
}

Tensor AttentionPolicy::scores(const Tensor& readout) {
  return head_->forward(torch::gelu(readout_->forward(norm_->forward(readout))));
}

std::vector<Tensor> AttentionPolicy::biases(const Tensor& positions, const Tensor& active) {
  const int64_t count = active.size(0), keypoints = config_.keypoints, length = keypoints + 1;
  const int64_t heads = config_.heads, relational = config_.layers - 1;
  // Channels first: the last product leaves each head's numbers together.
  const Tensor hidden = torch::gelu(
      torch::addmm(relation_->bias.unsqueeze(1), relation_->weight, relations(positions, active)));
  const Tensor pairs =
      torch::addmm(relation_bias_->bias.unsqueeze(1), relation_bias_->weight, hidden)
          .view({relational * heads, count, keypoints, keypoints});
  const Tensor is_heard = torch::constant_pad_nd(active, {1, 0}, 1);  // the readout always is
  const Tensor mask = torch::zeros_like(is_heard)
                          .masked_fill(is_heard.eq(0), -std::numeric_limits<double>::infinity())
                          .unsqueeze(1);  // [N, 1, 1 + K]
  auto bias = (torch::constant_pad_nd(pairs, {1, 0, 1, 0}, 0) + mask)
                  .view({relational, heads * count, length, length})
                  .unbind(0);
  bias.push_back(mask.repeat({heads, 1, 1}));
  return bias;
}

}  // namespace mint::agents
