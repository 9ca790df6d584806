// Gradients by central differences, in double.
#pragma once

#include <functional>

#include <torch/torch.h>

namespace mint::tests {

// d loss() / d tensor, shaped like `tensor`, whose entries are changed and put back one by one.
inline torch::Tensor numeric_gradient(const std::function<torch::Tensor()>& loss,
                                      torch::Tensor tensor, double step = 1e-6) {
  torch::NoGradGuard no_grad;
  torch::Tensor gradient = torch::zeros_like(tensor);
  double* values = tensor.data_ptr<double>();
  double* out = gradient.data_ptr<double>();
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    const double value = values[i];
    values[i] = value + step;
    const double above = loss().item<double>();
    values[i] = value - step;
    const double below = loss().item<double>();
    values[i] = value;
    out[i] = (above - below) / (2 * step);
  }
  return gradient;
}

}  // namespace mint::tests
