#include "training/averaged_weights.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace mint::training {
namespace {

void set(torch::nn::Linear& linear, float value) {
  torch::NoGradGuard no_grad;
  linear->weight.fill_(value);
}

TEST(AveragedWeights, FollowTheWeightsQuicklyAtFirstAndThenAtTheirDecay) {
  torch::nn::Linear linear(1, 1);
  set(linear, 0);
  AveragedWeights average(*linear, 0.5);

  set(linear, 1);
  average.update();  // decay 1 / 10
  set(linear, 2);
  for (int i = 0; i < 9; ++i) average.update();  // decays 2/11, 3/12 ... below 0.5
  average.exchange();

  double expected = 0.1 * 0 + 0.9 * 1;
  for (int n = 1; n < 10; ++n) {
    const double decay = std::min(0.5, (1.0 + n) / (10.0 + n));
    expected = decay * expected + (1 - decay) * 2;
  }
  EXPECT_NEAR(linear->weight.item<double>(), expected, 1e-6);
}

TEST(AveragedWeights, AreSwappedInAndOut) {
  torch::nn::Linear linear(1, 1);
  set(linear, 3);
  AveragedWeights average(*linear, 0.9);
  set(linear, 5);

  average.exchange();
  EXPECT_EQ(linear->weight.item<float>(), 3);
  average.exchange();
  EXPECT_EQ(linear->weight.item<float>(), 5);
}

TEST(AveragedWeights, WithoutADecayAreTheWeights) {
  torch::nn::Linear linear(1, 1);
  AveragedWeights average(*linear, 0);
  set(linear, 5);
  average.update();

  average.exchange();

  EXPECT_EQ(linear->weight.item<float>(), 5);
}

}  // namespace
}  // namespace mint::training
