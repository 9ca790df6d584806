// One layer of a transformer whose attention takes a bias and whose inputs a plan modulates.
//
//   x = x + dropout(attention(film(norm(x)), bias))
//   x = residual_block(x)                               (agents/residual_block.h)
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "agents/plan_variable.h"
#include "agents/residual_block.h"

namespace mint::agents {

struct AttentionLayerConfig {
  int64_t width = 64;
  int64_t heads = 4;
  int64_t feed_forward = 128;
  int64_t plan_width = 0;  // 0: no plan
  double dropout = 0;
};

class AttentionLayerImpl : public torch::nn::Module {
 public:
  explicit AttentionLayerImpl(const AttentionLayerConfig& config);

  // Tokens [N, S, width] -> the same shape. `bias` [heads * N, S, S], heads outermost, is added to
  // the logits of attention: entry [.., i, j] to how much i attends to j; -infinity is never.
  // `plan` [N, plan_width] or undefined; `noise` is null in evaluation.
  torch::Tensor forward(const torch::Tensor& tokens, const torch::Tensor& bias,
                        const torch::Tensor& plan, at::Generator* noise);

 private:
  torch::Tensor attend(const torch::Tensor& tokens, const torch::Tensor& bias);

  AttentionLayerConfig config_;
  torch::nn::LayerNorm norm_{nullptr};
  Film film_{nullptr};
  torch::nn::Linear reads_{nullptr};  // width -> queries, keys, values
  torch::nn::Linear mixed_{nullptr};  // heads -> width
  ResidualBlock feed_forward_{nullptr};
};
TORCH_MODULE(AttentionLayer);

}  // namespace mint::agents
