// A synthetic video for tests of the trained detectors: a bright square on a dark ground.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <torch/torch.h>

namespace mint::tests {

// uint8 [N, 3, side, side] of a red square of size x size pixels, whose upper left pixels are given
// as (x, y), on a dark ground.
inline torch::Tensor square_frames(const std::vector<std::pair<int64_t, int64_t>>& corners,
                                   int64_t side, int64_t size) {
  using torch::indexing::Slice;
  const auto n = static_cast<int64_t>(corners.size());
  torch::Tensor frames = torch::full({n, 3, side, side}, 30, torch::kUInt8);
  for (int64_t i = 0; i < n; ++i) {
    const auto [x, y] = corners[static_cast<size_t>(i)];
    frames.index_put_({i, 0, Slice(y, y + size), Slice(x, x + size)}, 250);
  }
  return frames;
}

// Runs `steps` steps of Adam on loss_of(step) and returns the total of every step.
template <typename LossOf>
std::vector<double> train(torch::nn::Module& module, int steps, double learning_rate,
                          const LossOf& loss_of) {
  torch::optim::Adam optimiser(module.parameters(), torch::optim::AdamOptions(learning_rate));
  module.train();
  std::vector<double> totals;
  for (int step = 0; step < steps; ++step) {
    const torch::Tensor total = loss_of(step).total;
    totals.push_back(total.template item<double>());
    optimiser.zero_grad();
    total.backward();
    optimiser.step();
  }
  return totals;
}

inline int64_t parameter_count(const std::vector<torch::Tensor>& parameters) {
  int64_t count = 0;
  for (const auto& parameter : parameters) count += parameter.numel();
  return count;
}

// Largest difference between the gradient of a scalar function at a double input and central
// differences of step 1e-6.
template <typename Function>
double gradient_error(const Function& function, const torch::Tensor& input) {
  constexpr double kStep = 1e-6;
  const torch::Tensor x = input.detach().clone().set_requires_grad(true);
  const torch::Tensor gradient = torch::autograd::grad({function(x)}, {x})[0].flatten();
  const torch::NoGradGuard no_grad;
  double error = 0;
  for (int64_t i = 0; i < x.numel(); ++i) {
    const auto moved = [&](double step) {
      const torch::Tensor y = x.detach().clone();
      y.view(-1)[i] += step;
      return function(y).template item<double>();
    };
    const double slope = (moved(kStep) - moved(-kStep)) / (2 * kStep);
    error = std::max(error, std::abs(slope - gradient[i].item<double>()));
  }
  return error;
}

}  // namespace mint::tests
