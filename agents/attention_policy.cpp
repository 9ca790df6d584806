#include "agents/attention_policy.h"

#include <limits>

#include <torch/torch.h>

#include "agents/attention_layer.h"
#include "agents/keypoint_inputs.h"
#include "agents/row_by_row.h"
#include "dynamics/initialise.h"
#include "dynamics/keypoint_states.h"

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
  return torch::cat({offset, distance, both}).view({kRelationInputs, distance.numel()});
}

}  // namespace

AttentionPolicy::AttentionPolicy(const AttentionPolicyConfig& config, uint64_t seed)
    : config_(config),
      noise_(seed, register_buffer("augmentations", torch::zeros({}, torch::kInt64))) {
  validate(config);
  const int64_t width = config.width;
  plan_ = register_module("plan", PlanVariable(config.plan));
  state_ = register_module(
      "state", torch::nn::Linear(dynamics::keypoint_state_width(config.history), width));
  index_ = register_module("index", torch::nn::Embedding(config.keypoints + 1, width));
  if (plan_->width() > 0) {
    plan_token_ = register_module("plan_token", torch::nn::Linear(plan_->width(), width));
  }
  relation_ = register_module("relation", torch::nn::Linear(kRelationInputs, kRelationWidth));
  relation_bias_ = register_module("relation_bias",
                                   torch::nn::Linear(kRelationWidth, config.layers * config.heads));
  layers_ = register_module("layers", torch::nn::ModuleList());
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    layers_->push_back(AttentionLayer(AttentionLayerConfig{width, config.heads, config.feed_forward,
                                                           plan_->width(), config.dropout}));
  }
  norm_ = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width})));
  const int64_t wide = config.readout_width;
  readout_ = register_module("readout", torch::nn::Linear((config.keypoints + 1) * width, wide));
  blocks_ = register_module("blocks", torch::nn::ModuleList());
  for (int64_t block = 0; block < config.readout_blocks; ++block) {
    blocks_->push_back(ResidualBlock(wide, 2 * wide, plan_->width(), config.dropout));
  }
  readout_norm_ =
      register_module("readout_norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({wide})));
  head_ = register_module("head", ActionHead(wide, config.head));
  displacement_ = register_module("displacement", torch::nn::Linear(width, 2 * config.head.chunk));

  at::Generator generator = at::detail::createCPUGenerator(seed);
  dynamics::initialise(*this, generator);
  torch::NoGradGuard no_grad;
  index_->weight.mul_(kIndexScale);
}

Tensor AttentionPolicy::logits(const Observation& observation) {
  check_window("AttentionPolicy.logits", observation, config_.history, config_.keypoints);
  return row_by_row(observation, [this](const Observation& alone) {
    return head_->log_probabilities(scores(encode(alone, /*noise=*/nullptr), /*noise=*/nullptr));
  });
}

Losses AttentionPolicy::losses(const Sample& given) {
  check_window("AttentionPolicy.losses", given.observation, config_.history, config_.keypoints);
  check_targets("AttentionPolicy.losses", given, chunk(), config_.keypoints);
  const Sample sample =
      with_swapped_pairs(given, is_training() ? config_.noise.pair_swap : 0, noise_);
  Encoding encoding;
  Tensor found;
  if (is_training()) {
    at::Generator generator = noise_.next();
    const Observation noisy =
        with_noise(sample.observation, keypoint_noise(config_.noise), generator);
    encoding = encode(noisy, &generator);
    found = scores(encoding, &generator);
  } else {
    encoding = encode(sample.observation, /*noise=*/nullptr);
    found = scores(encoding, /*noise=*/nullptr);
  }

  const int64_t seen = encoding.seen.size(0);
  const Tensor moves = displacement_->forward(encoding.tokens.narrow(1, 0, seen))
                           .unflatten(2, {chunk(), 2})
                           .transpose(1, 2);  // [N, C, S, 2]
  Sample of_seen = sample;
  of_seen.next_xy = sample.next_xy.index_select(2, encoding.seen);
  of_seen.next_active = sample.next_active.index_select(2, encoding.seen);
  Losses losses;
  losses["action"] = head_->loss(found, sample.actions, sample.weight);
  losses["prediction"] = displacement_loss(moves, encoding.positions, encoding.active, of_seen);
  losses["total"] = losses["action"] + config_.prediction_weight * losses["prediction"];
  return losses;
}

AttentionPolicy::Encoding AttentionPolicy::encode(const Observation& observation,
                                                  at::Generator* noise) {
  const auto type = state_->weight.scalar_type();
  const int64_t count = observation.active.size(0), last = config_.history - 1;
  Encoding encoding;
  encoding.seen = observation.active.select(1, last).gt(0).any(0).nonzero().squeeze(1);
  const Tensor active = observation.active.index_select(2, encoding.seen).to(type);  // [N, T, S]
  const Tensor positions =
      dynamics::masked_positions(observation.xy.index_select(2, encoding.seen).to(type), active);
  encoding.positions = positions.select(1, last);
  encoding.active = active.select(1, last);
  encoding.plan = plan_->forward(observation, count, noise);

  Tensor scene = index_->weight[config_.keypoints].expand({count, config_.width});
  if (plan_token_) scene = scene + plan_token_->forward(encoding.plan);
  const Tensor states = state_->forward(dynamics::keypoint_states(positions, active)) +
                        index_->weight.index_select(0, encoding.seen);
  Tensor tokens = torch::cat({states, scene.unsqueeze(1)}, 1);
  const auto bias = biases(encoding.positions, encoding.active);
  for (size_t layer = 0; layer < bias.size(); ++layer) {
    tokens =
        layers_->ptr<AttentionLayerImpl>(layer)->forward(tokens, bias[layer], encoding.plan, noise);
  }
  encoding.tokens = norm_->forward(tokens);
  return encoding;
}

Tensor AttentionPolicy::scores(const Encoding& encoding, at::Generator* noise) {
  const Tensor is_seen = torch::constant_pad_nd(encoding.active, {0, 1}, 1);
  const Tensor read = (encoding.tokens * is_seen.unsqueeze(2)).flatten(1);
  const Tensor scene = torch::full({1}, config_.keypoints, encoding.seen.options());
  const Tensor weight = readout_->weight.view({config_.readout_width, -1, config_.width})
                            .index_select(1, torch::cat({encoding.seen, scene}))
                            .flatten(1);
  Tensor values = torch::linear(read, weight, readout_->bias);
  for (const auto& block : *blocks_) {
    values = block->as<ResidualBlockImpl>()->forward(values, encoding.plan, noise);
  }
  return head_->forward(readout_norm_->forward(values));
}

std::vector<Tensor> AttentionPolicy::biases(const Tensor& positions, const Tensor& active) {
  const int64_t count = active.size(0), seen = active.size(1), heads = config_.heads;
  // Channels first: the last product leaves each head's numbers together.
  const Tensor hidden = torch::gelu(
      torch::addmm(relation_->bias.unsqueeze(1), relation_->weight, relations(positions, active)));
  const Tensor pairs =
      torch::addmm(relation_bias_->bias.unsqueeze(1), relation_bias_->weight, hidden)
          .view({config_.layers * heads, count, seen, seen});
  const Tensor is_heard = torch::constant_pad_nd(active, {0, 1}, 1);  // the scene always is
  const Tensor mask = torch::zeros_like(is_heard)
                          .masked_fill(is_heard.eq(0), -std::numeric_limits<double>::infinity())
                          .unsqueeze(1);  // [N, 1, S + 1]
  return (torch::constant_pad_nd(pairs, {0, 1, 0, 1}, 0) + mask)
      .view({config_.layers, heads * count, seen + 1, seen + 1})
      .unbind(0);
}

}  // namespace mint::agents
