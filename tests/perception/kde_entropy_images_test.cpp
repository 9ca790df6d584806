#include "perception/kde_entropy_images.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/entropy.h"
#include "perception/entropy_kde.h"
#include "perception/threads.h"
#include "tests/support/plain_entropy.h"

namespace mint::perception {
namespace {

using torch::Tensor;

// Values a few bins apart, so that kernels of the bandwidths below overlap.
Tensor real_images(std::vector<int64_t> shape) {
  torch::manual_seed(11);
  return 100 + 8 * torch::rand(shape, torch::kDouble);
}

Tensor random_weights(const Tensor& like) {
  torch::manual_seed(12);
  return torch::randn(like.sizes(), like.options());
}

TEST(KdeEntropyImages, AreTheEntropiesOfTheRegions) {
  for (const auto& [channels, region] : {std::pair<int64_t, int64_t>{1, 5}, {3, 3}, {4, 1}}) {
    const Tensor images = real_images({2, channels, 6, 7});
    KdeEntropyConfig config;
    config.bandwidth = 0.7;
    config.region = region;

    const Tensor entropy = kde_entropy_images(images, config);

    const int64_t radius = region / 2;
    for (int64_t y = 0; y < 6; ++y) {
      for (int64_t x = 0; x < 7; ++x) {
        const bool is_ring = y < radius || x < radius || y >= 6 - radius || x >= 7 - radius;
        const double expected =
            is_ring ? 0
                    : kde_entropy(tests::region_samples(images[1].contiguous().data_ptr<double>(),
                                                        channels, 6, 7, region, y, x),
                                  0.7)
                          .entropy;
        EXPECT_NEAR(entropy[1][y][x].item<double>(), expected, 1e-11) << x << ", " << y;
      }
    }
  }
}

TEST(KdeEntropyImages, GradientAgreesWithFiniteDifferences) {
  for (const double bandwidth : {0.3, 1.5}) {
    for (const auto& [channels, region] : {std::pair<int64_t, int64_t>{1, 5}, {3, 3}, {2, 1}}) {
      KdeEntropyConfig config;
      config.bandwidth = bandwidth;
      config.region = region;
      const Tensor images = real_images({1, channels, 5, 6}).requires_grad_();
      const Tensor weights = random_weights(torch::zeros({1, 5, 6}, torch::kDouble));
      const auto loss = [&](const Tensor& at) {
        return (kde_entropy_images(at, config) * weights).sum();
      };

      loss(images).backward();

      torch::NoGradGuard no_grad;
      const Tensor found = images.grad().flatten();
      const double scale = found.abs().max().item<double>();
      EXPECT_GT(scale, 1e-3);
      for (int64_t i = 0; i < images.numel(); ++i) {
        Tensor high = images.detach().clone(), low = images.detach().clone();
        high.view(-1)[i] += 1e-5;
        low.view(-1)[i] -= 1e-5;
        const double slope = (loss(high) - loss(low)).item<double>() / 2e-5;
        ASSERT_NEAR(found[i].item<double>(), slope, 1e-7 * std::max(scale, 1.0)) << i;
      }
    }
  }
}

TEST(KdeEntropyImages, AtIntegersAreTheClosedFormWithoutGradient) {
  torch::manual_seed(13);
  const Tensor images = torch::randint(0, 256, {1, 3, 6, 6}, torch::kDouble).requires_grad_();

  const Tensor entropy = kde_entropy_images(images);
  entropy.sum().backward();

  const Tensor pixel = images.detach()[0].slice(1, 2, 5).slice(2, 2, 5).contiguous();
  const double* first = pixel.data_ptr<double>();
  EXPECT_NEAR(entropy[0][3][3].item<double>(), kde_entropy({first, first + 27}, 0.001).entropy,
              1e-12);
  EXPECT_LT(images.grad().abs().max().item<double>(), 1e-9);
}

TEST(KdeEntropyImages, InFloatAndByThreadsAreTheSame) {
  const Tensor images = real_images({3, 3, 6, 6});
  KdeEntropyConfig config;
  config.bandwidth = 0.7;
  KdeEntropyConfig by_threads = config;
  by_threads.threads = 2;

  const Tensor entropy = kde_entropy_images(images, config);

  set_threads(2);
  EXPECT_TRUE(torch::equal(kde_entropy_images(images, by_threads), entropy));
  set_threads(1);
  const Tensor in_float = kde_entropy_images(images.to(torch::kFloat), config);
  EXPECT_EQ(in_float.scalar_type(), torch::kFloat);
  EXPECT_LT((in_float - entropy).abs().max().item<double>(), 1e-4);
}

TEST(KdeEntropyImages, RejectOtherInput) {
  EXPECT_THROW(kde_entropy_images(torch::zeros({1, 3, 6, 6}, torch::kUInt8)),
               std::invalid_argument);
  KdeEntropyConfig config;
  config.bandwidth = 0;
  EXPECT_THROW(kde_entropy_images(torch::zeros({1, 3, 6, 6}), config), std::invalid_argument);
}

}  // namespace
}  // namespace mint::perception
