#include "agents/keypoint_inputs.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "agents/noise_stream.h"

namespace mint::tests {
namespace {

using agents::KeypointNoise;
using agents::Observation;
using torch::Tensor;

constexpr int64_t kWindows = 400, kFrames = 4, kKeypoints = 10;

Observation still_observation() {
  Observation observation;
  observation.xy = torch::full({kWindows, kFrames, kKeypoints, 2}, 0.5);
  observation.active = torch::ones({kWindows, kFrames, kKeypoints});
  return observation;
}

Observation noisy_observation(const KeypointNoise& noise) {
  at::Generator generator = at::detail::createCPUGenerator(1);
  return agents::with_noise(still_observation(), noise, generator);
}

double deviation(const Tensor& xy) {  // in half images
  return (2 * (xy - 0.5)).square().mean().sqrt().item<double>();
}

TEST(KeypointStates, HoldsStatesAndVelocitiesOfActivePairs) {
  const Tensor positions = torch::tensor({0.1f, 0.2f, 0.3f, 0.1f, 0.0f, 0.0f}).view({1, 3, 1, 2});
  const Tensor active = torch::tensor({1.0f, 1.0f, 0.0f}).view({1, 3, 1});

  const Tensor states = agents::keypoint_states(positions, active);

  const Tensor expected = torch::tensor(
      {0.1f, 0.2f, 1.0f, 0.3f, 0.1f, 1.0f, 0.0f, 0.0f, 0.0f, 1.0f, -0.5f, 0.0f, 0.0f});
  EXPECT_EQ(states.size(2), agents::keypoint_state_width(3));
  EXPECT_TRUE(torch::allclose(states.flatten(), expected));
}

TEST(KeypointNoise, OfFramesDiffersBetweenFrames) {
  KeypointNoise noise;
  noise.frame = 0.1;

  const Observation noisy = noisy_observation(noise);

  EXPECT_NEAR(deviation(noisy.xy), 0.1, 0.003);
  EXPECT_FALSE(torch::equal(noisy.xy.select(1, 0), noisy.xy.select(1, 1)));
}

TEST(KeypointNoise, OfOffsetsIsTheSameInAllFrames) {
  KeypointNoise noise;
  noise.offset = 0.1;

  const Observation noisy = noisy_observation(noise);

  EXPECT_NEAR(deviation(noisy.xy), 0.1, 0.003);
  EXPECT_TRUE(torch::equal(noisy.xy.select(1, 0), noisy.xy.select(1, 3)));
}

TEST(KeypointNoise, HasAStrengthPerWindowWhereScaled) {
  KeypointNoise noise;
  noise.offset = 0.1;
  noise.is_offset_scaled = true;

  const Tensor xy = noisy_observation(noise).xy;

  const Tensor strength = (2 * (xy - 0.5)).square().mean({1, 2, 3}).sqrt();
  EXPECT_NEAR(deviation(xy), 0.1 / std::sqrt(3.0), 0.005);  // of a uniform strength
  EXPECT_LT(strength.min().item<double>(), 0.01);
  EXPECT_GT(strength.max().item<double>(), 0.08);
}

TEST(KeypointNoise, DropsKeypointsForTheWholeWindow) {
  KeypointNoise noise;
  noise.dropout = 0.2;

  const Tensor active = noisy_observation(noise).active;

  EXPECT_NEAR(active.mean().item<double>(), 0.8, 0.02);
  EXPECT_TRUE(torch::equal(active.select(1, 0), active.select(1, 3)));
}

TEST(Dropout, KeepsTheExpectation) {
  at::Generator generator = at::detail::createCPUGenerator(1);

  const Tensor dropped = agents::dropout(torch::ones({101, 997}), 0.25, &generator);

  const double kept = dropped.ne(0).to(torch::kFloat64).mean().item<double>();
  EXPECT_NEAR(kept, 0.75, 0.006);
  EXPECT_NEAR(dropped.max().item<double>(), 4.0 / 3, 1e-6);
}

TEST(Dropout, IsNothingInEvaluation) {
  const Tensor values = torch::ones({3, 5});

  EXPECT_TRUE(torch::equal(agents::dropout(values, 0.25, nullptr), values));
}

}  // namespace
}  // namespace mint::tests
