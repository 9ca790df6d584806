// The soft-argmax written out tensor by tensor as in spec 4.1 and 4.2: the oracle of the fused
// form.
#pragma once

#include <torch/torch.h>

#include "perception/soft_argmax.h"

namespace mint::tests {

inline perception::SoftArgmax plain_soft_argmax(const torch::Tensor& u) {
  using torch::Tensor;
  const Tensor f = torch::nn::functional::softplus(u).flatten(2);
  const Tensor w = torch::softmax(f, 2);
  const int64_t height = u.size(2), width = u.size(3);
  const Tensor index = torch::arange(height * width, u.options());
  const Tensor x = torch::remainder(index, width) / width;
  const Tensor y = torch::floor(index / width) / height;
  return {torch::stack({(w * x).sum(2), (w * y).sum(2)}, 2), f.amax(2)};
}

}  // namespace mint::tests
