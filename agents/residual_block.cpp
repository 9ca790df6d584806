#include "agents/residual_block.h"

#include <torch/torch.h>

#include "agents/noise_stream.h"

namespace mint::agents {

ResidualBlockImpl::ResidualBlockImpl(int64_t width, int64_t hidden, int64_t plan_width,
                                     double dropout)
    : dropout_(dropout) {
  norm_ = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width})));
  film_ = register_module("film", Film(plan_width, width));
  inner_ = register_module("inner", torch::nn::Linear(width, hidden));
  outer_ = register_module("outer", torch::nn::Linear(hidden, width));
}

torch::Tensor ResidualBlockImpl::forward(const torch::Tensor& values, const torch::Tensor& plan,
                                         at::Generator* noise) {
  const torch::Tensor read = film_->forward(norm_->forward(values), plan);
  const torch::Tensor added = outer_->forward(torch::gelu(inner_->forward(read)));
  return values + dropout(added, dropout_, noise);
}

}  // namespace mint::agents
