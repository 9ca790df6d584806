#include "agents/attention_layer.h"

#include <cmath>

#include <torch/torch.h>

#include "agents/noise_stream.h"

namespace mint::agents {
namespace {

using torch::Tensor;

torch::nn::LayerNorm layer_norm(int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}));
}

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
  const int64_t width = config.width, inner = config.feed_forward;
  attention_norm_ = register_module("attention_norm", layer_norm(width));
  attention_film_ = register_module("attention_film", Film(config.plan_width, width));
  queries_ = register_module("queries", torch::nn::Linear(width, width));
  keys_values_ = register_module("keys_values", torch::nn::Linear(width, 2 * width));
  mixed_ = register_module("mixed", torch::nn::Linear(width, width));
  inner_norm_ = register_module("inner_norm", layer_norm(width));
  inner_film_ = register_module("inner_film", Film(config.plan_width, width));
  inner_ = register_module("inner", torch::nn::Linear(width, inner));
  outer_ = register_module("outer", torch::nn::Linear(inner, width));
}

Tensor AttentionLayerImpl::forward(const Tensor& tokens, const Tensor& bias, const Tensor& plan,
                                   at::Generator* noise) {
  const Tensor read = attention_film_->forward(attention_norm_->forward(tokens), plan);
  const Tensor kept = tokens.narrow(1, 0, bias.size(1));
  const Tensor x = kept + dropout(attend(read, bias), config_.dropout, noise);
  const Tensor normal = inner_film_->forward(inner_norm_->forward(x), plan);
  const Tensor added = outer_->forward(torch::gelu(inner_->forward(normal)));
  return x + dropout(added, config_.dropout, noise);
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
