#include "perception/entropy.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/entropy_kde.h"
#include "perception/entropy_kernels.h"
#include "perception/heatmap_grid.h"
#include "perception/threads.h"

namespace mint::perception {
namespace {

using torch::Tensor;

TEST(HeatmapGrid, HasTheSizesOfTheSpecification) {
  const auto size = [](int64_t height, int64_t width) {
    const HeatmapGrid grid = heatmap_grid(height, width);
    return std::make_pair(grid.height, grid.width);
  };
  EXPECT_EQ(size(96, 96), std::make_pair(int64_t{135}, int64_t{135}));
  EXPECT_EQ(size(240, 320), std::make_pair(int64_t{91}, int64_t{119}));
  EXPECT_EQ(size(320, 480), std::make_pair(int64_t{119}, int64_t{171}));
  EXPECT_EQ(size(272, 480), std::make_pair(int64_t{103}, int64_t{171}));
}

TEST(Entropy, AFlatImageHasNone) {
  const Tensor entropy = entropy_images(torch::full({1, 3, 96, 96}, 130, torch::kUInt8));

  // Away from the border, where the blur sees the black outside, every sample is 255.
  EXPECT_EQ(entropy.sizes().vec(), (std::vector<int64_t>{1, 135, 135}));
  const Tensor inside = entropy[0].slice(0, 4, 131).slice(1, 4, 131);
  EXPECT_LT(inside.abs().max().item<float>(), 1e-7f);
}

TEST(Entropy, TheRingOfARegionIsZero) {
  torch::manual_seed(1);
  const Tensor noise = torch::randint(0, 256, {1, 3, 40, 48}, torch::kInt).to(torch::kUInt8);

  const Tensor entropy = entropy_images(noise, EntropyConfig{5})[0];

  const int64_t height = entropy.size(0), width = entropy.size(1);
  EXPECT_EQ(entropy.slice(0, 0, 2).abs().max().item<float>(), 0);
  EXPECT_EQ(entropy.slice(0, height - 2).abs().max().item<float>(), 0);
  EXPECT_EQ(entropy.slice(1, 0, 2).abs().max().item<float>(), 0);
  EXPECT_EQ(entropy.slice(1, width - 2).abs().max().item<float>(), 0);
  EXPECT_GT(entropy.slice(0, 2, height - 2).slice(1, 2, width - 2).min().item<float>(), 0);
}

// The closed form against the kernel histogram of the same division image, every seventh pixel.
TEST(Entropy, ClosedFormAgreesWithTheKernelHistogram) {
  torch::manual_seed(2);
  const Tensor noise = torch::randint(0, 256, {3, 24, 30}, torch::kInt).to(torch::kUInt8);
  const HeatmapGrid grid = heatmap_grid(24, 30);
  const Tensor division = torch::empty({3, grid.height, grid.width}, torch::kUInt8);
  const Tensor entropy = torch::empty({grid.height, grid.width});
  EntropyStages stages;
  stages.division = division.data_ptr<uint8_t>();
  EntropyKernel kernel(24, 30, grid.height, grid.width, 3);

  kernel(noise.data_ptr<uint8_t>(), entropy.data_ptr<float>(), stages);

  for (int64_t y = 1; y < grid.height - 1; y += 7) {
    for (int64_t x = 1; x < grid.width - 1; x += 7) {
      const Tensor window = division.slice(1, y - 1, y + 2).slice(2, x - 1, x + 2);
      const Tensor samples = window.to(torch::kDouble).flatten().contiguous();
      const double* first = samples.data_ptr<double>();
      const double expected = kde_entropy({first, first + 27}, 0.001).entropy;
      EXPECT_NEAR(entropy[y][x].item<float>(), expected, 2e-6) << x << ", " << y;
    }
  }
}

TEST(Entropy, AnImageDoesNotDependOnItsNeighbours) {
  torch::manual_seed(3);
  const Tensor images = torch::randint(0, 256, {3, 3, 96, 96}, torch::kInt).to(torch::kUInt8);

  const Tensor together = entropy_images(images);

  EXPECT_TRUE(torch::equal(together[2], entropy_images(images.slice(0, 2, 3))[0]));
}

TEST(Entropy, DoesNotDependOnTheNumberOfThreads) {
  torch::manual_seed(4);
  const Tensor images = torch::randint(0, 256, {5, 3, 40, 48}, torch::kInt).to(torch::kUInt8);
  const Tensor by_one = entropy_images(images);
  EntropyConfig config;
  config.threads = 3;

  set_threads(3);
  const Tensor by_three = entropy_images(images, config);
  set_threads(1);

  EXPECT_TRUE(torch::equal(by_three, by_one));
}

// Equal channels repeat every sample, which leaves the entropy as it is.
TEST(Entropy, AcceptsAnyNumberOfChannels) {
  torch::manual_seed(5);
  const Tensor grey = torch::randint(0, 256, {2, 1, 40, 48}, torch::kInt).to(torch::kUInt8);

  const Tensor of_one = entropy_images(grey);

  for (const int64_t channels : {2, 3, 5}) {
    const Tensor of_many = entropy_images(grey.repeat({1, channels, 1, 1}));
    EXPECT_LT((of_many - of_one).abs().max().item<float>(), 1e-6f) << channels;
  }
}

TEST(Entropy, OfNoImagesIsEmpty) {
  const Tensor none = torch::zeros({0, 3, 96, 96}, torch::kUInt8);
  EXPECT_EQ(entropy_images(none).sizes().vec(), (std::vector<int64_t>{0, 135, 135}));
}

TEST(Entropy, RejectsOtherInput) {
  EXPECT_THROW(entropy_images(torch::zeros({1, 3, 96, 96})), std::invalid_argument);
  const Tensor images = torch::zeros({1, 3, 96, 96}, torch::kUInt8);
  EXPECT_THROW(entropy_images(images[0]), std::invalid_argument);
  EXPECT_THROW(entropy_images(images, EntropyConfig{4}), std::invalid_argument);
  EXPECT_THROW(entropy_images(images, EntropyConfig{3, 0}), std::invalid_argument);
}

TEST(KdeEntropy, OfEqualSamplesIsTheEpsilonAlone) {
  // One bin with p = 1: -ln(1 + 1e-8).
  EXPECT_NEAR(kde_entropy(std::vector<double>(27, 100), 0.001).entropy, -1e-8, 1e-15);
}

TEST(KdeEntropy, OfDifferentSamplesIsTheLogarithmOfTheirNumber) {
  EXPECT_NEAR(kde_entropy({0, 50, 100, 255}, 0.001).entropy, std::log(4.0), 1e-6);
}

TEST(KdeEntropy, GradientAgreesWithFiniteDifferences) {
  const std::vector<double> samples = {10.2, 11.7, 11.9, 200.4};
  const KdeEntropy found = kde_entropy(samples, 0.8);

  for (size_t i = 0; i < samples.size(); ++i) {
    std::vector<double> high = samples, low = samples;
    high[i] += 1e-5;
    low[i] -= 1e-5;
    const double slope = (kde_entropy(high, 0.8).entropy - kde_entropy(low, 0.8).entropy) / 2e-5;
    EXPECT_NEAR(found.gradient[i], slope, 1e-8) << i;
  }
}

}  // namespace
}  // namespace mint::perception
