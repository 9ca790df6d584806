#include "agents/attention_layer.h"

#include <cmath>

#include <torch/torch.h>

#include "agents/noise_stream.h"

namespace mint::agents {
namespace {

using torch::Tensor;

// softmax(queries keys^T / sqrt(depth) + bias) values, one matrix product per window and head. For
// a single query that would cost more in calls than in arithmetic.
Tensor weighted_sum(const Tensor& queries, const Tensor& keys, const Tensor& values,
                    const Tensor& bias) {
  const double scale = 1 / std::sqrt(static_cast<double>(queries.size(2)));
  if (queries.size(1) == 1) {
    const Tensor logits = bias + scale * (queries * keys).sum(2).unsqueeze(1);
    return (logits.softmax(2).transpose(1, 2) * values).sum(1, /*keepdim=*/true);
  }
  const Tensor logits = torch::baddbmm(bias, queries, keys.transpose(1, 2), 1, scale);
  return torch::bmm(logits.softmax(2), values);
}

}  // namespace

AttentionLayerImpl::AttentionLayerImpl(const AttentionLayerConfig& config) : config_(config) {
  const int64_t width = config.width;
  norm_ = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width})));
  film_ = register_module("film", Film(config.plan_width, width));
  queries_ = register_module("queries", torch::nn::Linear(width, width));
  keys_values_ = register_module("keys_values", torch::nn::Linear(width, 2 * width));
  mixed_ = register_module("mixed", torch::nn::Linear(width, width));
  feed_forward_ = register_module(
      "feed_forward", ResidualBlock(width, config.feed_forward, config.plan_width, config.dropout));
}

Tensor AttentionLayerImpl::forward(const Tensor& tokens, const Tensor& bias, const Tensor& plan,
                                   at::Generator* noise) {
  const Tensor read = film_->forward(norm_->forward(tokens), plan);
  const Tensor x =
      tokens.narrow(1, 0, bias.size(1)) + dropout(attend(read, bias), config_.dropout, noise);
  return feed_forward_->forward(x, plan, noise);
}

Tensor AttentionLayerImpl::attend(const Tensor& tokens, const Tensor& bias) {
  const int64_t count = tokens.size(0), length = tokens.size(1), updated = bias.size(1);
  const int64_t heads = config_.heads, depth = config_.width / heads;
  const Tensor queries = queries_->forward(tokens.narrow(1, 0, updated))
                             .view({count, updated, heads, depth})
                             .permute({2, 0, 1, 3})
                             .reshape({heads * count, updated, depth});
  const auto others = keys_values_->forward(tokens)
                          .view({count, length, 2, heads, depth})
                          .permute({2, 3, 0, 1, 4})
                          .reshape({2, heads * count, length, depth})
                          .unbind(0);  // keys, values
  const Tensor mixed = weighted_sum(queries, others[0], others[1], bias)
                           .view({heads, count, updated, depth})
                           .permute({1, 2, 0, 3})
                           .reshape({count, updated, config_.width});
  return mixed_->forward(mixed);
}

}  // namespace mint::agents
