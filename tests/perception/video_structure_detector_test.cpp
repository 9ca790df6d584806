#include "perception/video_structure_detector.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/detector_registry.h"
#include "tests/perception/moving_blob.h"
#include "tests/support/error_of.h"

namespace mint::perception {
namespace {

using torch::Tensor;

VideoStructureConfig small_structure(const std::string& variant = "comparison") {
  VideoStructureConfig config;
  config.keypoints = 3;
  config.height = config.width = 40;
  config.input_height = config.input_width = 32;
  config.channels = 4;
  config.variant = variant;
  return config;
}

Tensor random_windows(int64_t windows, int64_t frames, int64_t side) {
  return torch::randint(0, 256, {windows, frames, 3, side, side}, torch::kInt).to(torch::kUInt8);
}

TEST(VideoStructureMaps, KeypointsAreCentresOfMassAndIntensitiesAreRelative) {
  Tensor heatmaps = torch::zeros({2, 2, 3}, torch::kDouble);  // two maps of 2 x 3 cells
  heatmaps[0][0][2] = 3;
  heatmaps[0][1][1] = 1;
  heatmaps[1][1][0] = 1;

  const StructureKeypoints found = structure_keypoints(heatmaps, {});

  const Tensor xy = torch::tensor({{0.75, -0.5}, {-1.0, 1.0}}, torch::kDouble);
  EXPECT_TRUE(torch::allclose(found.xy, xy, 0, 1e-7)) << found.xy;
  EXPECT_TRUE(torch::allclose(found.intensity, torch::tensor({1.0, 0.25}, torch::kDouble)));
}

TEST(VideoStructureMaps, TheSelfNormalisedIntensityIsOneUntilAHeatmapVanishes) {
  const Tensor heatmaps = torch::tensor({1.0, 1e-6, 1e-10, 0.0}, torch::kDouble).reshape({4, 1, 1});

  const Tensor intensity = structure_keypoints(heatmaps, {}, /*self_normalised=*/true).intensity;

  EXPECT_NEAR(intensity[1].item<double>(), 0.9999, 1e-7);
  EXPECT_NEAR(intensity[2].item<double>(), 0.5, 1e-12);
  EXPECT_EQ(intensity[3].item<double>(), 0);
}

TEST(VideoStructureMaps, AMapHasThePeakOfTheIntensityAndThreeQuartersOfACellAsSigma) {
  const StructureKeypoints keypoint{torch::zeros({1, 2}, torch::kDouble),
                                    torch::tensor({0.5}, torch::kDouble)};

  const Tensor map = structure_maps(keypoint, 5, 3)[0];

  EXPECT_NEAR(map[2][1].item<double>(), 0.5, 1e-12);
  EXPECT_NEAR(map[2][2].item<double>(), 0.5 * std::exp(-2.0), 1e-12);          // 1 / (2 * 0.5^2)
  EXPECT_NEAR(map[3][1].item<double>(), 0.5 * std::exp(-0.25 / 0.18), 1e-12);  // sigma 0.3
}

TEST(VideoStructureLosses, SeparationComparesCentredTrajectories) {
  // Two keypoints over two frames: centred, they move by -+0.1 and -+0.3 along x.
  Tensor xy = torch::zeros({1, 2, 2, 2}, torch::kDouble);
  xy[0][0][0][0] = 0.1, xy[0][1][0][0] = 0.3;
  xy[0][0][1][0] = -0.8, xy[0][1][1][0] = -0.2;
  Tensor together = xy.clone();
  together[0].select(1, 1) = together[0].select(1, 0) + 0.5;

  EXPECT_NEAR(separation_loss(xy, 0.2).item<double>(), std::exp(-0.04 / 0.08), 1e-12);
  EXPECT_NEAR(separation_loss(together, 0.002).item<double>(), 1, 1e-12);
  EXPECT_EQ(separation_loss(xy.slice(2, 0, 1), 0.2).item<double>(), 0);
}

TEST(VideoStructureLosses, ReconstructionSumsAFrameAndSparsityAveragesTheCells) {
  const Tensor zero = torch::zeros({1, 2, 3, 2, 2}, torch::kDouble);
  Tensor one = zero.clone();
  one[0][1] = 2;

  // 0.5 * 12 * 2^2 in one of two frames.
  EXPECT_NEAR(structure_reconstruction_loss(one, zero).item<double>(), 12, 1e-12);
  EXPECT_NEAR(sparsity_loss(one).item<double>(), 1, 1e-12);
}

TEST(VideoStructureLosses, GradientsAgreeWithFiniteDifferences) {
  torch::manual_seed(1);
  const Tensor xy = torch::rand({2, 3, 4, 2}, torch::kDouble);
  const Tensor heatmaps = torch::rand({2, 3, 4, 5}, torch::kDouble);
  const Tensor weights = torch::randn({2, 3, 4, 5}, torch::kDouble);
  const auto separation = [](const Tensor& x) { return separation_loss(x, 0.3); };
  const auto maps = [&](const Tensor& h) {
    return (structure_maps(structure_keypoints(h, {}), 4, 5) * weights).sum();
  };

  EXPECT_LT(tests::gradient_error(separation, xy), 1e-8);
  EXPECT_LT(tests::gradient_error(maps, heatmaps), 1e-7);
  EXPECT_LT(tests::gradient_error(sparsity_loss, heatmaps), 1e-8);
}

TEST(VideoStructureNetwork, HasTheParametersOfTheComparison) {
  VideoStructureDetector detector(VideoStructureConfig{}, 1);
  const auto count = [](const std::vector<Tensor>& p) { return tests::parameter_count(p); };

  EXPECT_EQ(count(detector.network().detector_parameters()), 485913);        // spec 3.1
  EXPECT_EQ(count(detector.network().reconstruction_parameters()), 976617);  // spec 3.4
  EXPECT_EQ(count(detector.module().parameters()), 1462530);
  const auto children = detector.module().named_children();
  EXPECT_EQ(count(children["appearance"]->parameters()), 629952);  // spec 3.2
  EXPECT_EQ(count(children["decoder_input"]->parameters()), 207488);
}

TEST(VideoStructureNetwork, InitialisesHeUniform) {
  VideoStructureDetector detector(VideoStructureConfig{}, 1);
  const Tensor weight = detector.module().named_parameters()["detector.1.convolution.weight"];
  const double bound = std::sqrt(6.0 / (32 * 9));

  EXPECT_LE(weight.abs().max().item<double>(), bound);
  EXPECT_GT(weight.abs().max().item<double>(), 0.99 * bound);
}

TEST(VideoStructureNetwork, PadsTheComparisonBeforeAndTheOriginalAfterTheImage) {
  for (const bool original : {false, true}) {
    StructureBlock block(1, 1, /*stride=*/2, /*normalised=*/false, /*pad_after=*/original);
    const torch::NoGradGuard no_grad;
    for (auto& parameter : block->parameters()) parameter.zero_();
    block->parameters()[0][0][0][0][0] = 1;  // picks the upper left pixel of its window

    const Tensor y = block->forward(torch::arange(16).reshape({1, 1, 4, 4}).to(torch::kFloat));

    const Tensor expected = original ? torch::tensor({0.0F, 2.0F, 8.0F, 10.0F})
                                     : torch::tensor({0.0F, 0.0F, 0.0F, 5.0F});
    EXPECT_TRUE(torch::equal(y.flatten(), expected)) << y;
  }
}

// The window's share of the first convolution is computed once; this is the plain form.
TEST(VideoStructureNetwork, SharingTheWindowsPartOfTheDecoderChangesNothing) {
  torch::manual_seed(1);
  VideoStructureNetwork network(VideoStructureLayout{3, 4, false},
                                at::detail::createCPUGenerator(1));
  network->eval();  // default statistics: the normalisations only scale by almost one
  const Tensor maps = torch::rand({2, 5, 3, 8, 6}), appearance = torch::rand({2, 16, 8, 6});
  const Tensor first = torch::rand({2, 3, 8, 6});

  const Tensor change = network->change(maps, appearance, first);

  const auto repeat = [](const Tensor& x) {
    return x.unsqueeze(1).expand({2, 5, x.size(1), 8, 6}).flatten(0, 1);
  };
  const Tensor x = torch::linspace(-1, 1, 6).expand({10, 1, 8, 6});
  const Tensor y = torch::linspace(-1, 1, 8).reshape({8, 1}).expand({10, 1, 8, 6});
  const Tensor input = torch::cat({maps.flatten(0, 1), repeat(appearance), repeat(first), x, y}, 1);
  const auto p = network->named_parameters();
  Tensor plain = torch::conv2d(input, p["decoder_input.weight"], p["decoder_input.bias"], 1, 1);
  const double eval_scale = 1 / std::sqrt(1 + 1e-5);
  const auto activated = [&](const Tensor& z) { return torch::leaky_relu(z, 0.2) * eval_scale; };
  const auto convolved = [&](const Tensor& z, const std::string& name) {
    return activated(torch::conv2d(z, p[name + ".weight"], p[name + ".bias"], 1, 1));
  };
  const auto doubled = [](const Tensor& z) {
    return torch::upsample_bilinear2d(z, {2 * z.size(2), 2 * z.size(3)}, false);
  };
  plain = doubled(activated(plain));
  plain = convolved(plain, "middle_scale.0.convolution");
  plain = doubled(convolved(plain, "middle_scale.1.convolution"));
  plain = convolved(plain, "finest_scale.0.convolution");
  plain = convolved(plain, "finest_scale.1.convolution");
  plain = torch::conv2d(plain, p["finest_scale.2.weight"], p["finest_scale.2.bias"]) * eval_scale;
  ASSERT_EQ(change.sizes().vec(), (std::vector<int64_t>{2, 5, 3, 32, 24}));
  EXPECT_TRUE(torch::allclose(change.flatten(0, 1), plain, 1e-4, 1e-5));
}

TEST(VideoStructureDetector, AnImageDoesNotDependOnItsNeighbours) {
  torch::manual_seed(1);
  VideoStructureDetector detector(small_structure(), 1);
  const Tensor images = random_windows(1, 5, 40)[0];

  const Keypoints together = detector.detect(images);
  const Keypoints alone = detector.detect(images.slice(0, 3, 4));

  EXPECT_TRUE(torch::equal(together.xy[3], alone.xy[0]));
  EXPECT_TRUE(torch::equal(together.active[3], alone.active[0]));
  EXPECT_TRUE((together.active.sum(1) >= 1).all().item<bool>());  // the strongest one is active
  EXPECT_GE(together.xy.min().item<float>(), 0);
  EXPECT_LT(together.xy.max().item<float>(), 1);
}

TEST(VideoStructureDetector, TheThresholdAndTheSelfNormalisedIntensityDecideWhatIsActive) {
  torch::manual_seed(1);
  const Tensor images = random_windows(1, 2, 40)[0];
  const auto active = [&](double threshold, bool self_normalised) {
    VideoStructureConfig config = small_structure();
    config.activity_threshold = threshold;
    config.self_normalised_intensity = self_normalised;
    return VideoStructureDetector(config, 1).detect(images).active.sum().item<double>();
  };

  EXPECT_EQ(active(0, false), 6);
  EXPECT_EQ(active(0.99999, false), 2);
  EXPECT_EQ(active(0.99999, true), 6);
}

TEST(VideoStructureDetector, DetectsInEvaluationModeAndLeavesTheMode) {
  VideoStructureDetector detector(small_structure(), 1);
  detector.module().train();
  const Tensor before = detector.module().named_buffers()["detector.0.norm.running_mean"].clone();

  const Keypoints found = detector.detect(random_windows(1, 2, 40)[0]);

  EXPECT_FALSE(found.xy.requires_grad());
  EXPECT_TRUE(detector.module().is_training());
  EXPECT_TRUE(
      torch::equal(detector.module().named_buffers()["detector.0.norm.running_mean"], before));
}

TEST(VideoStructureDetector, NamesBadSettingsAndImages) {
  VideoStructureConfig odd = small_structure();
  odd.input_height = 6;
  VideoStructureDetector detector(small_structure(), 1);

  EXPECT_EQ(tests::error_of([&] { VideoStructureDetector(odd, 1); }),
            "VideoStructureDetector: config: expected input sides >= 8, multiples of 4, got height "
            "6, width 32");
  EXPECT_EQ(
      tests::error_of([&] { VideoStructureDetector(small_structure("vrnn"), 1); }),
      "VideoStructureDetector: config.variant: expected comparison or original, got \"vrnn\"");
  EXPECT_EQ(tests::error_of([&] { detector.detect(random_windows(1, 1, 32)[0]); }),
            "VideoStructureDetector::detect: images: expected uint8 [N, 3, 40, 40], got Byte [1, "
            "3, 32, 32]");
  EXPECT_EQ(tests::error_of([&] { video_structure_loss(detector, random_windows(2, 1, 40)); }),
            "video_structure_loss: windows: expected [B, T >= 2, 3, H, W], got [2, 1, 3, 40, 40]");
}

TEST(VideoStructureDetector, IsInTheRegistry) {
  DetectorConfig config;
  config.video_structure = small_structure();
  const auto detector = make_detector("video_structure", config, 1);
  EXPECT_EQ(detector->name(), "video_structure");
  EXPECT_EQ(detector->keypoints(), 3);
}

TEST(VideoStructureLoss, TheTotalIsTheWeightedSumOfBothVariants) {
  torch::manual_seed(1);
  const Tensor windows = random_windows(2, 3, 40);
  const auto terms = [&](const std::string& variant) {
    VideoStructureDetector detector(small_structure(variant), 1);
    const NamedLoss loss = video_structure_loss(detector, windows);
    EXPECT_NEAR(loss.total.item<double>(), loss.terms.back().second, 1e-9);
    std::map<std::string, double> named(loss.terms.begin(), loss.terms.end());
    return named;
  };

  auto comparison = terms("comparison"), original = terms("original");

  EXPECT_EQ(comparison.count("kernel_penalty"), 0U);
  const double sum = 0.02 * comparison["separation"] + 0.01 * comparison["reconstruction"] +
                     0.1 * comparison["sparsity"];
  EXPECT_NEAR(comparison["total"], sum, 1e-5 * sum);
  const double original_sum = 10 * original["separation"] + original["reconstruction"] +
                              5 * original["sparsity"] + 1e-4 * original["kernel_penalty"];
  EXPECT_NEAR(original["total"], original_sum, 1e-5 * original_sum);
}

TEST(VideoStructureLoss, ReachesEveryWeight) {
  torch::manual_seed(1);
  for (const char* variant : {"comparison", "original"}) {
    VideoStructureDetector detector(small_structure(variant), 1);
    video_structure_loss(detector, random_windows(2, 3, 40)).total.backward();
    for (const auto& item : detector.module().named_parameters()) {
      ASSERT_TRUE(item.value().grad().defined()) << variant << " " << item.key();
    }
  }
}

TEST(VideoStructureLoss, AFewStepsOfTrainingLowerIt) {
  for (const char* variant : {"comparison", "original"}) {
    VideoStructureConfig config = small_structure(variant);
    config.height = config.width = config.input_height = config.input_width = 16;
    VideoStructureDetector detector(config, 1);
    const Tensor frames = tests::square_frames({{0, 0}, {8, 0}, {8, 8}, {0, 8}}, 16, 6);

    const auto totals = tests::train(detector.module(), 12, 3e-3, [&](int) {
      return video_structure_loss(detector, frames.unsqueeze(0));
    });

    EXPECT_LT(totals.back(), 0.9 * totals.front()) << variant;
  }
}

}  // namespace
}  // namespace mint::perception
