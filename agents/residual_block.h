// A residual block whose input a plan modulates:
//
//   x + dropout(outer(gelu(inner(film(norm(x))))))      inner, outer linear
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "agents/plan_variable.h"

namespace mint::agents {

class ResidualBlockImpl : public torch::nn::Module {
 public:
  // `hidden` is the width between inner and outer; `plan_width` 0 is no plan.
  ResidualBlockImpl(int64_t width, int64_t hidden, int64_t plan_width, double dropout);

  // Values [N, .., width] -> the same shape. `plan` [N, plan_width] or undefined; `noise` is null
  // in evaluation.
  torch::Tensor forward(const torch::Tensor& values, const torch::Tensor& plan,
                        at::Generator* noise);

 private:
  double dropout_;
  torch::nn::LayerNorm norm_{nullptr};
  Film film_{nullptr};
  torch::nn::Linear inner_{nullptr}, outer_{nullptr};
};
TORCH_MODULE(ResidualBlock);

}  // namespace mint::agents
