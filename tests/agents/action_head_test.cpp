#include "agents/action_head.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/dynamics/numeric_gradient.h"

namespace mint::tests {
namespace {

using agents::ActionHead;
using agents::ActionHeadConfig;
using torch::Tensor;

constexpr int64_t kCount = 3, kChunk = 4, kFeatures = 5;

ActionHeadConfig head_config(bool factored) {
  ActionHeadConfig config;
  config.chunk = kChunk;
  config.factored = factored;
  config.chunk_discount = 0.8;
  config.label_smoothing = 0.1;
  config.change_weight = 3;
  return config;
}

ActionHead make_head(const ActionHeadConfig& config) {
  torch::manual_seed(3);
  ActionHead head(kFeatures, config);
  head->to(torch::kFloat64);
  return head;
}

Tensor random_features() {
  torch::manual_seed(4);
  return 3 * torch::randn({kCount, kFeatures}, torch::kFloat64);
}

Tensor some_actions() {
  return torch::tensor({{0, 0, 17, 17}, {5, 11, 11, -1}, {8, -1, -1, -1}});
}

// log softmax of scores[begin .. begin + count).
std::vector<double> log_softmax(const std::vector<double>& scores, int begin, int count) {
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += std::exp(scores[begin + i]);
  std::vector<double> result;
  for (int i = 0; i < count; ++i) result.push_back(scores[begin + i] - std::log(sum));
  return result;
}

std::vector<double> row(const Tensor& scores, int64_t n, int64_t c) {
  const Tensor values = scores[n][c].contiguous();
  return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

double smoothed(const std::vector<double>& log_probability, int target, double smoothing) {
  double error = -(1 - smoothing) * log_probability[target];
  for (double value : log_probability) {
    error -= smoothing / static_cast<double>(log_probability.size()) * value;
  }
  return error;
}

double plain_loss(const ActionHeadConfig& config, const Tensor& scores, const Tensor& actions,
                  const std::vector<double>& weights) {
  double sum = 0, total = 0;
  for (int64_t n = 0; n < kCount; ++n) {
    int previous = -1;
    for (int64_t c = 0; c < kChunk; ++c) {
      const int action = static_cast<int>(actions[n][c].item<int64_t>());
      if (action < 0) break;
      double weight = weights[n] * std::pow(config.chunk_discount, c);
      if (c > 0 && action != previous) weight *= config.change_weight;
      previous = action;
      const auto values = row(scores, n, c);
      double error = 0;
      if (config.factored) {
        error += smoothed(log_softmax(values, 0, 3), action % 3, config.label_smoothing);
        error += smoothed(log_softmax(values, 3, 3), action / 3 % 3, config.label_smoothing);
        error += smoothed(log_softmax(values, 6, 2), action / 9, config.label_smoothing);
      } else {
        error = smoothed(log_softmax(values, 0, 18), action, config.label_smoothing);
      }
      sum += weight * error;
      total += weight;
    }
  }
  return sum / total;
}

TEST(ActionHead, AddsTheLogProbabilitiesOfTheThreeChoices) {
  ActionHead head = make_head(head_config(true));
  const Tensor scores = head->forward(random_features());

  const Tensor joint = head->log_probabilities(scores);

  ASSERT_EQ(joint.sizes(), at::IntArrayRef({kCount, kChunk, 18}));
  for (int64_t n = 0; n < kCount; ++n) {
    for (int64_t c = 0; c < kChunk; ++c) {
      const auto values = row(scores, n, c);
      const auto forward = log_softmax(values, 0, 3), turn = log_softmax(values, 3, 3);
      const auto grip = log_softmax(values, 6, 2);
      for (int action = 0; action < 18; ++action) {
        const double expected = forward[action % 3] + turn[action / 3 % 3] + grip[action / 9];
        EXPECT_NEAR(joint[n][c][action].item<double>(), expected, 1e-12);
      }
    }
  }
}

TEST(ActionHead, NormalisesItsProbabilities) {
  for (bool factored : {true, false}) {
    ActionHead head = make_head(head_config(factored));

    const Tensor joint = head->log_probabilities(head->forward(random_features()));

    const Tensor error = joint.exp().sum(2) - 1;
    EXPECT_LT(error.abs().max().item<double>(), 1e-12);
  }
}

TEST(ActionHead, HasTheLossOfAPlainLoop) {
  const std::vector<double> weights = {1, 0.2, 2};
  for (bool factored : {true, false}) {
    const ActionHeadConfig config = head_config(factored);
    ActionHead head = make_head(config);
    const Tensor scores = head->forward(random_features()), actions = some_actions();

    const Tensor weighted = head->loss(scores, actions, torch::tensor(weights, torch::kFloat64));
    const Tensor equal = head->loss(scores, actions, {});

    EXPECT_NEAR(weighted.item<double>(), plain_loss(config, scores, actions, weights), 1e-12);
    EXPECT_NEAR(equal.item<double>(), plain_loss(config, scores, actions, {1, 1, 1}), 1e-12);
  }
}

TEST(ActionHead, HasThePublishedCrossEntropyWithOneSoftmaxAndOneStep) {
  ActionHead head = make_head(agents::published_action_head());
  const Tensor scores = head->forward(random_features()), actions = torch::tensor({{3}, {17}, {0}});

  const Tensor loss = head->loss(scores, actions, {});

  const Tensor expected =
      torch::nn::functional::cross_entropy(scores.squeeze(1), actions.squeeze(1));
  EXPECT_NEAR(loss.item<double>(), expected.item<double>(), 1e-12);
}

TEST(ActionHead, HasTheGradientOfFiniteDifferences) {
  for (bool factored : {true, false}) {
    ActionHead head = make_head(head_config(factored));
    Tensor features = random_features().requires_grad_();
    const auto loss = [&] { return head->loss(head->forward(features), some_actions(), {}); };
    loss().backward();

    const Tensor numeric = numeric_gradient(loss, features.detach());

    EXPECT_LT((features.grad() - numeric).abs().max().item<double>(), 1e-8);
  }
}

TEST(ActionHead, HasNoLossWhereEverythingIsBeyondTheEnd) {
  ActionHead head = make_head(head_config(true));
  const Tensor scores = head->forward(random_features());

  const Tensor loss = head->loss(scores, torch::full({kCount, kChunk}, -1, torch::kInt64), {});

  EXPECT_EQ(loss.item<double>(), 0);
}

}  // namespace
}  // namespace mint::tests
