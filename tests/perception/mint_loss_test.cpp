#include "perception/mint_loss.h"

#include <gtest/gtest.h>

#include "perception/mint_loss_kernels.h"
#include "tests/perception/plain_mint_loss.h"

namespace mint::perception {
namespace {

using torch::Tensor;

// Small sequences with everything in it: keypoints near, far, on top of each other and beyond the
// border; flat areas; equal frames.
struct Scene {
  Tensor coords, status, entropy;
  MintLossConfig config;
};

Scene random_scene(int64_t seed) {
  torch::manual_seed(seed);
  Scene scene;
  scene.config.sigma = 4;
  scene.config.beta = 1.2;
  scene.config.frames = 2 + seed % 2;
  const int64_t N = 2 * scene.config.frames, K = 4;
  scene.coords = torch::rand({N, K, 2}, torch::kDouble);
  scene.coords.select(1, 1) = scene.coords.select(1, 0) + 0.05;
  scene.coords.select(1, 2) = scene.coords.select(1, 2) * 0.2 - 0.1;
  scene.status = torch::rand({N, K}, torch::kDouble);
  scene.entropy = torch::relu(torch::randn({N, 21, 30}, torch::kDouble));
  return scene;
}

struct Result {
  MintLoss loss;
  Tensor grad_coords, grad_status;
};

template <typename Loss>
Result run(const Scene& scene, Loss loss_function) {
  Tensor coords = scene.coords.clone().requires_grad_();
  Tensor status = scene.status.clone().requires_grad_();
  const MintLoss loss = loss_function(coords, status, scene.entropy, scene.config);
  (2 * loss.total).backward();  // a factor other than 1 reaches the backward pass
  return {loss, coords.grad(), status.grad()};
}

void expect_close(const Tensor& found, const Tensor& expected, double tolerance) {
  const double scale = std::max(1.0, expected.abs().max().item<double>());
  EXPECT_LT((found - expected).abs().max().item<double>(), tolerance * scale);
}

TEST(MintLoss, AgreesWithThePlainForm) {
  for (int64_t seed = 0; seed < 6; ++seed) {
    for (const bool first_area : {false, true}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + (first_area ? ", first heatmap's area" : ""));
      Scene scene = random_scene(seed);
      scene.config.first_heatmap_area = first_area;

      const Result window = run(scene, mint_loss);
      const Result plain = run(scene, tests::plain_mint_loss);

      expect_close(window.loss.total, plain.loss.total, 1e-12);
      expect_close(window.loss.terms, plain.loss.terms, 1e-12);
      expect_close(window.grad_coords, plain.grad_coords, 1e-11);
      expect_close(window.grad_status, plain.grad_status, 1e-11);
    }
  }
}

TEST(MintLoss, AgreesWithThePlainFormWhenKappaIsAboveOne) {
  Scene scene = random_scene(1);
  scene.config.kappa = 1.3;

  expect_close(run(scene, mint_loss).loss.terms, run(scene, tests::plain_mint_loss).loss.terms,
               1e-12);
}

TEST(MintLoss, GradientAgreesWithFiniteDifferences) {
  const Scene scene = random_scene(2);
  const Result found = run(scene, mint_loss);

  const double step = 1e-7;
  const auto slope = [&](Tensor Scene::*member, int64_t i) {
    double values[2];
    for (int side = 0; side < 2; ++side) {
      Scene moved = scene;
      moved.*member = (scene.*member).clone();
      (moved.*member).flatten()[i] += side ? step : -step;
      values[side] =
          2 *
          mint_loss(moved.coords, moved.status, moved.entropy, moved.config).total.item<double>();
    }
    return (values[1] - values[0]) / (2 * step);
  };
  for (int64_t i = 0; i < scene.coords.numel(); ++i) {
    const double g = found.grad_coords.flatten()[i].item<double>();
    EXPECT_NEAR(g, slope(&Scene::coords, i), 2e-4 * (1 + std::abs(g))) << "coords " << i;
  }
  for (int64_t i = 0; i < scene.status.numel(); ++i) {
    const double g = found.grad_status.flatten()[i].item<double>();
    EXPECT_NEAR(g, slope(&Scene::status, i), 2e-4 * (1 + std::abs(g))) << "status " << i;
  }
}

TEST(MintLoss, FloatAgreesWithDouble) {
  Scene scene = random_scene(3);
  const Result exact = run(scene, mint_loss);
  scene.coords = scene.coords.to(torch::kFloat);
  scene.status = scene.status.to(torch::kFloat);
  scene.entropy = scene.entropy.to(torch::kFloat);
  const Result found = run(scene, mint_loss);

  expect_close(found.loss.terms.to(torch::kDouble), exact.loss.terms, 1e-5);
  expect_close(found.grad_coords.to(torch::kDouble), exact.grad_coords, 1e-4);
}

// Two equal frames, one pixel of entropy 2, one keypoint on it with status 1.
TEST(MintLoss, ACoveredPixelLeavesOnlyTheStatusLoss) {
  Tensor entropy = torch::zeros({2, 9, 9}, torch::kDouble);
  entropy.select(1, 4).select(1, 4).fill_(2);
  const Tensor coords = torch::full({2, 1, 2}, 4.0 / 9, torch::kDouble);
  const Tensor status = torch::ones({2, 1}, torch::kDouble);
  MintLossConfig config;
  config.frames = 2;

  const MintLoss loss = mint_loss(coords, status, entropy, config);

  // Covered: no masked entropy; reconstructed at both times; at rest; 1 * status weight 10.
  const auto terms = mean_terms(loss);
  EXPECT_NEAR(terms[0].second, 0, 1e-12);  // masked_entropy
  EXPECT_NEAR(terms[2].second, 0, 1e-12);  // reconstruction
  EXPECT_NEAR(terms[3].second, 0, 1e-12);  // movement
  EXPECT_NEAR(terms[5].second, 1, 1e-12);  // status
  EXPECT_NEAR(loss.total.item<double>(), 10, 1e-9);
}

TEST(MintLoss, AnInactiveKeypointCoversNothing) {
  Tensor entropy = torch::zeros({2, 9, 9}, torch::kDouble);
  entropy.select(1, 4).select(1, 4).fill_(2);
  const Tensor coords = torch::full({2, 1, 2}, 4.0 / 9, torch::kDouble);
  MintLossConfig config;
  config.frames = 2;

  const MintLoss loss = mint_loss(coords, torch::zeros({2, 1}, torch::kDouble), entropy, config);

  // Masked entropy 1 (weight 100); the frames are equal, so nothing has to be transported.
  EXPECT_NEAR(loss.total.item<double>(), 100, 1e-7);
}

TEST(MintLoss, TermsHaveTheirNames) {
  const Scene scene = random_scene(0);
  const auto terms = mean_terms(mint_loss(scene.coords, scene.status, scene.entropy, scene.config));

  ASSERT_EQ(terms.size(), 8u);
  EXPECT_EQ(terms[1].first, "masked_conditional_entropy");
  EXPECT_EQ(terms[7].first, "total");
  EXPECT_NEAR(terms[4].second, terms[2].second + terms[3].second, 1e-12);  // transport
}

TEST(MintLoss, HeatmapAreaOfTheDefaults) {
  EXPECT_NEAR(heatmap_area(MintLossConfig{}), 169.6234, 1e-4);  // spec 4.4
}

TEST(MintLoss, RejectsBatchesThatAreNoWholeSequences) {
  const Scene scene = random_scene(1);  // 3 frames to a sequence
  const auto cut = [](const Tensor& t) { return t.slice(0, 0, 4); };
  EXPECT_THROW(mint_loss(cut(scene.coords), cut(scene.status), cut(scene.entropy), scene.config),
               std::invalid_argument);
  EXPECT_THROW(mint_loss(scene.coords, scene.status, cut(scene.entropy), scene.config),
               std::invalid_argument);
  EXPECT_THROW(mint_loss(scene.coords, cut(scene.status), scene.entropy, scene.config),
               std::invalid_argument);
}

}  // namespace
}  // namespace mint::perception
