#include "agents/attention_layer.h"

#include <cmath>

#include <torch/torch.h>

#include "agents/noise_stream.h"

namespace mint::agents {

using torch::Tensor;

AttentionLayerImpl::AttentionLayerImpl(const AttentionLayerConfig& config) : config_(config) {
  const int64_t width = config.width;
  norm_ = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width})));
  film_ = register_module("film", Film(config.plan_width, width));
  reads_ = register_module("reads", torch::nn::Linear(width, 3 * width));
  mixed_ = register_module("mixed", torch::nn::Linear(width, width));
  feed_forward_ = register_module(
      "feed_forward", ResidualBlock(width, config.feed_forward, config.plan_width, config.dropout));
}

Tensor AttentionLayerImpl::forward(const Tensor& tokens, const Tensor& bias, const Tensor& plan,
                                   at::Generator* noise) {
  const Tensor read = film_->forward(norm_->forward(tokens), plan);
  const Tensor x = tokens + dropout(attend(read, bias), config_.dropout, noise);
  return feed_forward_->forward(x, plan, noise);
}

Tensor AttentionLayerImpl::attend(const Tensor& tokens, const Tensor& bias) {
  const int64_t count = tokens.size(0), length = tokens.size(1);
  const int64_t heads = config_.heads, depth = config_.width / heads;
  const auto parts = reads_->forward(tokens)
                         .view({count, length, 3, heads, depth})
                         .permute({2, 3, 0, 1, 4})
                         .reshape({3, heads * count, length, depth})
                         .unbind(0);
  const Tensor &queries = parts[0], &keys = parts[1], &values = parts[2];
  const double scale = 1 / std::sqrt(static_cast<double>(depth));
  const Tensor logits = torch::baddbmm(bias, queries, keys.transpose(1, 2), 1, scale);
  const Tensor mixed = torch::bmm(logits.softmax(2), values)
                           .view({heads, count, length, depth})
                           .permute({1, 2, 0, 3})
                           .reshape({count, length, config_.width});
  return mixed_->forward(mixed);
}

}  // namespace mint::agents
