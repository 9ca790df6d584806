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

// Keypoint k at (k, k) / 10, but 7 on 2, 5 on 2 and inactive; marks in the frames that follow.
agents::Sample sample_with_a_pair() {
  const Tensor place = torch::arange(kKeypoints).div(10.0).repeat({kWindows, kFrames, 1});
  agents::Sample sample;
  sample.observation.xy = torch::stack({place, place}, 3);
  sample.observation.active = torch::ones({kWindows, kFrames, kKeypoints});
  // They meet in the newest frame, (0.2, 0.2) and (0.24, 0.2): 0.08 half images.
  sample.observation.xy.select(1, kFrames - 1).select(1, 7).copy_(torch::tensor({0.24, 0.2}));
  sample.observation.xy.select(1, kFrames - 1).select(1, 5).fill_(0.2);
  sample.observation.active.select(1, kFrames - 1).select(1, 5).fill_(0);
  sample.next_xy = sample.observation.xy.narrow(1, 0, 1).clone();
  sample.next_active = torch::arange(kKeypoints).to(torch::kFloat32).repeat({kWindows, 1, 1});
  sample.actions = torch::zeros({kWindows, 1}, torch::kInt64);
  return sample;
}

agents::Sample swapped(const agents::Sample& sample, double probability) {
  agents::NoiseStream noise(1, torch::zeros({}, torch::kInt64));
  return agents::with_swapped_pairs(sample, probability, noise);
}

TEST(SwappedPairs, ExchangeTheirIndicesInTheWindowAndInWhatComesNext) {
  const auto sample = sample_with_a_pair();
  const Tensor order = torch::tensor({0, 1, 7, 3, 4, 5, 6, 2, 8, 9});

  const auto found = swapped(sample, 0.999999);

  const auto reordered = [&](const Tensor& values) { return values.index_select(2, order); };
  EXPECT_TRUE(torch::equal(found.observation.xy, reordered(sample.observation.xy)));
  EXPECT_TRUE(torch::equal(found.observation.active, reordered(sample.observation.active)));
  EXPECT_TRUE(torch::equal(found.next_xy, reordered(sample.next_xy)));
  EXPECT_TRUE(torch::equal(found.next_active, reordered(sample.next_active)));
}

TEST(SwappedPairs, AreAsManyAsAskedFor) {
  const auto sample = sample_with_a_pair();

  const auto found = swapped(sample, 0.3);

  const Tensor changed = found.next_active.ne(sample.next_active).flatten(1).any(1);
  EXPECT_NEAR(changed.to(torch::kFloat32).mean().item<double>(), 0.3, 0.07);
}

TEST(SwappedPairs, LieNearEachOtherAndAreActive) {
  auto sample = sample_with_a_pair();
  sample.observation.xy.select(1, kFrames - 1).select(1, 7).fill_(0.25);  // 0.14 half images

  EXPECT_TRUE(torch::equal(swapped(sample, 0.999999).observation.xy, sample.observation.xy));
}

TEST(SwappedPairs, AreDrawnFromAllThatThereAre) {
  agents::Sample sample;
  sample.observation = still_observation();
  sample.observation.xy = sample.observation.xy.narrow(2, 0, 3);  // three in one place
  sample.observation.active = sample.observation.active.narrow(2, 0, 3);
  sample.next_active = torch::arange(3).to(torch::kFloat32).repeat({kWindows, 1, 1});

  const auto found = swapped(sample, 0.999999);

  for (int64_t k = 0; k < 3; ++k) {  // stays where it is when the other two exchange theirs
    const Tensor stays = found.next_active.select(2, k).eq(k).to(torch::kFloat32);
    EXPECT_NEAR(stays.mean().item<double>(), 1.0 / 3, 0.08) << k;
  }
}

TEST(SwappedPairs, AreNoneWithoutDrawingWhereTheProbabilityIsZero) {
  const auto sample = sample_with_a_pair();
  const Tensor calls = torch::zeros({}, torch::kInt64);
  agents::NoiseStream noise(1, calls);

  const auto found = agents::with_swapped_pairs(sample, 0, noise);

  EXPECT_TRUE(found.observation.xy.is_same(sample.observation.xy));
  EXPECT_EQ(calls.item<int64_t>(), 0);
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
