#include "perception/mint_detector.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/detector_registry.h"
#include "perception/heatmaps.h"
#include "perception/mint_loss.h"

namespace mint::perception {
namespace {

using torch::Tensor;

Tensor random_images(int64_t count, int64_t height = 96, int64_t width = 96) {
  return torch::randint(0, 256, {count, 3, height, width}, torch::kInt).to(torch::kUInt8);
}

TEST(Hourglass, HasThePublishedNamesAndParameters) {
  Hourglass network(HourglassConfig{}, at::detail::createCPUGenerator(1));

  int64_t count = 0;
  for (const Tensor& parameter : network->parameters()) count += parameter.numel();
  EXPECT_EQ(count, 58725);  // spec 3.2
  const auto names = network->named_parameters();
  EXPECT_EQ(names["model.0.weight"].sizes().vec(), (std::vector<int64_t>{25, 3, 5, 5}));
  EXPECT_EQ(names["model.12.weight"].sizes().vec(), (std::vector<int64_t>{50, 25, 3, 3}));
  EXPECT_EQ(network->named_buffers()["model.17.running_var"].numel(), 25);
}

TEST(Hourglass, InitialisesAsTheReferenceDoes) {
  Hourglass network(HourglassConfig{}, at::detail::createCPUGenerator(1));
  const auto parameters = network->named_parameters();

  const double deviations[] = {0.0535, 0.0667, 0.0544, 0.0471, 0.0544, 0.0667};  // spec 3.3
  for (int layer = 0; layer < 6; ++layer) {
    const Tensor weight = parameters["model." + std::to_string(3 * layer) + ".weight"];
    EXPECT_NEAR(weight.std().item<double>(), deviations[layer], 0.05 * deviations[layer]);
    const Tensor bias = parameters["model." + std::to_string(3 * layer) + ".bias"];
    const double fan_in = static_cast<double>(weight.numel() / weight.size(0));
    EXPECT_LE(bias.abs().max().item<double>(), 1 / std::sqrt(fan_in));
    EXPECT_GT(bias.abs().max().item<double>(), 0.7 / std::sqrt(fan_in));
  }
  EXPECT_TRUE((parameters["model.2.weight"] == 1).all().item<bool>());
  EXPECT_TRUE((parameters["model.2.bias"] == 0).all().item<bool>());
}

TEST(Hourglass, TheSameSeedGivesTheSameWeightsWhateverTheGlobalGenerator) {
  torch::manual_seed(1);
  Hourglass a(HourglassConfig{}, at::detail::createCPUGenerator(7));
  torch::manual_seed(2);
  Hourglass b(HourglassConfig{}, at::detail::createCPUGenerator(7));
  Hourglass c(HourglassConfig{}, at::detail::createCPUGenerator(8));

  for (size_t i = 0; i < a->parameters().size(); ++i) {
    EXPECT_TRUE(torch::equal(a->parameters()[i], b->parameters()[i]));
  }
  EXPECT_FALSE(torch::equal(a->parameters()[0], c->parameters()[0]));
}

TEST(Hourglass, OutputHasTheSizeOfTheGrid) {
  const torch::NoGradGuard no_grad;
  for (const auto& [height, width] : {std::pair<int64_t, int64_t>{96, 96}, {64, 96}, {60, 120}}) {
    Hourglass network(HourglassConfig{4, height, width}, at::detail::createCPUGenerator(1));
    const HeatmapGrid grid = heatmap_grid(height, width);
    EXPECT_EQ(network->forward(random_images(1, height, width)).sizes().vec(),
              (std::vector<int64_t>{1, 4, grid.height, grid.width}));
  }
}

TEST(Hourglass, FoldedKeypointsAreThoseOfTheMaps) {
  torch::manual_seed(1);
  Hourglass network(HourglassConfig{}, at::detail::createCPUGenerator(1));
  network->eval();
  const torch::NoGradGuard no_grad;
  const Tensor images = random_images(2);

  const SoftArgmax folded = network->keypoints(images);
  const SoftArgmax plain = soft_argmax(network->forward(images));

  EXPECT_TRUE(torch::allclose(folded.coords, plain.coords, 0, 2e-6));
  EXPECT_TRUE(torch::allclose(folded.activation, plain.activation, 1e-5, 1e-6));
}

TEST(MintDetector, AnImageDoesNotDependOnItsNeighbours) {
  torch::manual_seed(1);
  MintDetector detector(MintConfig{}, 1);
  const Tensor images = random_images(5);

  const Keypoints together = detector.detect(images);
  const Keypoints alone = detector.detect(images.slice(0, 3, 4));

  EXPECT_TRUE(torch::equal(together.xy[3], alone.xy[0]));
  EXPECT_TRUE(torch::equal(together.active[3], alone.active[0]));
}

TEST(MintDetector, DetectsInEvaluationModeWithoutGradientAndLeavesTheMode) {
  MintDetector detector(MintConfig{}, 1);
  detector.module().train();
  const Tensor before = detector.module().named_buffers()["model.2.running_mean"].clone();

  const Keypoints found = detector.detect(random_images(2));

  EXPECT_FALSE(found.xy.requires_grad());
  EXPECT_TRUE(detector.module().is_training());
  EXPECT_TRUE(torch::equal(detector.module().named_buffers()["model.2.running_mean"], before));
  EXPECT_TRUE(((found.active == 0) | (found.active == 1)).all().item<bool>());
  EXPECT_GE(found.xy.min().item<float>(), 0);
  EXPECT_LT(found.xy.max().item<float>(), 1);
}

TEST(MintDetector, NoImagesGiveNoKeypoints) {
  MintDetector detector(MintConfig{}, 1);
  EXPECT_EQ(detector.detect(random_images(0)).xy.sizes().vec(), (std::vector<int64_t>{0, 25, 2}));
}

TEST(MintDetector, DetectionUsesItsOwnGamma) {
  MintConfig config;
  config.detect_gamma = -1;  // below every activation
  EXPECT_TRUE((MintDetector(config, 1).detect(random_images(1)).active == 1).all().item<bool>());
  config.detect_gamma = 1e6;
  EXPECT_TRUE((MintDetector(config, 1).detect(random_images(1)).active == 0).all().item<bool>());
}

TEST(MintDetector, RejectsImagesOfAnotherKind) {
  MintDetector detector(MintConfig{}, 1);
  EXPECT_THROW(detector.detect(random_images(1, 96, 95)), std::invalid_argument);
  EXPECT_THROW(detector.detect(random_images(1)[0]), std::invalid_argument);
  EXPECT_THROW(detector.detect(random_images(1).to(torch::kFloat)), std::invalid_argument);
}

TEST(MintDetector, RecalibrationMakesEvaluationAgreeWithTraining) {
  torch::manual_seed(1);
  MintConfig config;
  config.keypoints = 5;
  MintDetector detector(config, 1);
  const Tensor images = random_images(6);

  detector.recalibrate([&](int64_t) { return images; }, /*batches=*/3);

  const torch::NoGradGuard no_grad;
  detector.module().train();
  const Tensor training = detector.train_forward(images).coords;
  detector.module().eval();
  const Tensor evaluation = detector.train_forward(images).coords;
  EXPECT_LT((training - evaluation).abs().max().item<double>(), 1e-3);
}

TEST(MintDetector, TrainingLowersTheLoss) {
  torch::manual_seed(1);
  MintConfig config;
  config.keypoints = 4;
  config.height = config.width = 32;
  MintDetector detector(config, 1);
  detector.module().train();
  MintLossConfig loss_config;
  loss_config.frames = 2;
  const Tensor images = random_images(4, 32, 32);
  Tensor entropy = torch::zeros({4, detector.grid().height, detector.grid().width});
  entropy.slice(1, 10, 20).slice(2, 10, 20).fill_(1);
  torch::optim::Adam adam(detector.module().parameters(), torch::optim::AdamOptions(1e-2));

  std::vector<double> losses;
  for (int step = 0; step < 20; ++step) {
    adam.zero_grad();
    const auto output = detector.train_forward(images);
    const MintLoss loss = mint_loss(output.coords, output.status, entropy, loss_config);
    loss.total.backward();
    adam.step();
    losses.push_back(loss.total.item<double>());
  }

  EXPECT_LT(losses.back(), 0.9 * losses.front());
}

TEST(DetectorRegistry, MakesMintByName) {
  DetectorConfig config;
  config.mint.keypoints = 7;

  const auto detector = make_detector("mint", config, 1);

  EXPECT_EQ(detector->name(), "mint");
  EXPECT_EQ(detector->keypoints(), 7);
}

TEST(DetectorRegistry, SaysWhichNamesThereAre) {
  try {
    make_detector("mnit", DetectorConfig{}, 1);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "make_detector: name: expected one of mint, transporter, video_structure, got "
                 "\"mnit\"");
  }
}

TEST(Heatmaps, AGaussianHasNoFactorOneHalf) {
  const Tensor coords = torch::tensor({5.0 / 20, 4.0 / 10}).reshape({1, 1, 2});

  const Tensor g = gaussians(coords, {10, 20}, 3)[0][0];

  EXPECT_NEAR(g[4][5].item<float>(), 1, 1e-6);
  EXPECT_NEAR(g[4][8].item<float>(), std::exp(-1.0), 1e-6);  // one sigma to the right
  // eta (exp(-1) - tau) = 3.5 * 0.167879
  EXPECT_NEAR(heatmaps(g, 0.2, 3.5)[4][8].item<float>(), 0.587578, 1e-5);
  EXPECT_EQ(heatmaps(g, 0.2, 3.5)[4][5].item<float>(), 1);
  EXPECT_EQ(heatmaps(g, 0.2, 3.5)[9][19].item<float>(), 0);
}

}  // namespace
}  // namespace mint::perception
