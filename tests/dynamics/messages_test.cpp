#include "dynamics/messages.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace mint::tests {
namespace {

using torch::Tensor;

TEST(SumMessages, MatchesAHandComputedGraph) {
  // Two keypoints, width 1, f(v) = relu(2 relu(v) - 1): to 0 from 1: 2 * (1 + 0.5) - 1 = 2,
  // to 1 from 0: relu(2 * relu(-3 + 2) - 1) = 0; scale 10.
  const Tensor receiver_part = torch::tensor({1.0, -3.0}).view({1, 2, 1});
  const Tensor sender_part = torch::tensor({2.0, 0.5}).view({1, 2, 1});
  const Tensor weight = torch::full({1, 1}, 2.0), bias = torch::full({1}, -1.0);

  const Tensor out = dynamics::sum_messages(receiver_part, sender_part, torch::ones({1, 2}),
                                            torch::full({1, 2}, 10.0), {weight, bias});

  EXPECT_EQ(out[0][0][0].item<float>(), 20);
  EXPECT_EQ(out[0][1][0].item<float>(), 0);
}

TEST(SumMessages, MatchesItsDenseFormInValueAndGradient) {
  auto random = [generator = at::detail::createCPUGenerator(5)](at::IntArrayRef shape) {
    return torch::randn(shape, generator, torch::kFloat64).requires_grad_();
  };
  const std::vector<Tensor> inputs = {random({4, 6, 5}), random({4, 6, 5}), random({3, 5}),
                                      random({3}),       random({2, 3}),    random({2})};
  const std::vector<Tensor> layers(inputs.begin() + 2, inputs.end());
  const Tensor senders = torch::randn({4, 6}, at::detail::createCPUGenerator(6)).gt(-0.5);
  const Tensor scale = torch::rand({4, 6}, at::detail::createCPUGenerator(7), torch::kFloat64);
  const Tensor sends = senders.to(torch::kFloat64);

  const Tensor fast = dynamics::sum_messages(inputs[0], inputs[1], sends, scale, layers);
  const Tensor dense = dynamics::sum_messages_densely(inputs[0], inputs[1], sends, scale, layers);

  EXPECT_LT((fast - dense).abs().max().item<double>(), 1e-13);
  const auto fast_gradients = torch::autograd::grad({fast.square().sum()}, inputs);
  const auto dense_gradients = torch::autograd::grad({dense.square().sum()}, inputs);
  for (size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_LT((fast_gradients[i] - dense_gradients[i]).abs().max().item<double>(), 1e-11) << i;
  }
}

}  // namespace
}  // namespace mint::tests
