#include "perception/transporter_detector.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/detector_input.h"
#include "perception/detector_registry.h"
#include "perception/keypoint_grid.h"
#include "perception/transporter_maps.h"
#include "tests/perception/moving_blob.h"
#include "tests/support/error_of.h"

namespace mint::perception {
namespace {

using torch::Tensor;

TransporterConfig small_transporter(const std::string& variant = "comparison") {
  TransporterConfig config;
  config.keypoints = 3;
  config.height = config.width = 40;
  config.input_height = config.input_width = 32;
  config.channels = 6;
  config.variant = variant;
  return config;
}

Tensor random_frames(int64_t count, int64_t side) {
  return torch::randint(0, 256, {count, 3, side, side}, torch::kInt).to(torch::kUInt8);
}

std::vector<Tensor> gradients_of(const NamedLoss& loss, const std::vector<Tensor>& parameters) {
  return torch::autograd::grad({loss.total}, parameters);
}

TEST(DetectorInput, ResizesWithHalfPixelCentresAndScales) {
  const Tensor image =
      torch::tensor({0, 255, 51, 102}, torch::kInt).to(torch::kUInt8).expand({1, 3, 1, 4});

  const Tensor wide = centred_frames(image, 1, 8)[0][0][0];
  const Tensor narrow = centred_frames(image, 1, 2)[0][0][0];

  // By hand: cells at a quarter and three quarters between 0, 1, 0.2 and 0.4, minus a half.
  const Tensor expected =
      torch::tensor({-0.5, -0.25, 0.25, 0.3, -0.1, -0.25, -0.15, -0.1}, torch::kFloat);
  EXPECT_TRUE(torch::allclose(wide, expected, 0, 1e-6)) << wide;
  EXPECT_TRUE(torch::allclose(narrow, torch::tensor({0.0, -0.2}, torch::kFloat), 0, 1e-6));
}

TEST(KeypointGrid, CentresOfCellsAreFractionsOfTheImage) {
  const Tensor xy = torch::tensor({{-1.0, -1.0}, {1.0, 1.0}, {0.0, 0.0}, {1.5, -9.0}});

  const Tensor fraction = grid_to_image_fraction(xy, /*height=*/4, /*width=*/10);

  EXPECT_TRUE(torch::allclose(fraction.slice(0, 0, 3),
                              torch::tensor({{0.05, 0.125}, {0.95, 0.875}, {0.5, 0.5}}), 0, 1e-6));
  EXPECT_LT(fraction.max().item<float>(), 1.0F);
  EXPECT_EQ(fraction[3][1].item<float>(), 0.0F);
}

TEST(TransporterMaps, AKeypointIsTheMeanCellOfTheSoftmax) {
  Tensor scores = torch::zeros({1, 1, 3, 3}, torch::kDouble);
  scores[0][0][0][2] = std::log(9.0);  // weight 9 against eight times 1

  const Tensor keypoint = transporter_keypoints(scores)[0][0];

  // (9 - 1) / 17 along x, all cells of a column with sum 0 but the corner's.
  EXPECT_NEAR(keypoint[0].item<double>(), 8.0 / 17, 1e-12);
  EXPECT_NEAR(keypoint[1].item<double>(), -8.0 / 17, 1e-12);
}

TEST(TransporterMaps, AHeatmapFallsOffWithItsInverseDeviation) {
  const Tensor centre = torch::zeros({1, 1, 2}, torch::kDouble);

  const Tensor map = transporter_heatmaps(centre, 3, 5, /*inverse_std=*/2)[0][0];

  EXPECT_NEAR(map[1][2].item<double>(), 1, 1e-12);
  EXPECT_NEAR(map[1][3].item<double>(), std::exp(-1.0), 1e-12);  // 0.5 to the right: (2 * 0.5)^2
  EXPECT_NEAR(map[0][2].item<double>(), std::exp(-4.0), 1e-12);  // 1 up: (2 * 1)^2
}

TEST(TransporterMaps, BothTransportsByHand) {
  const auto cell = [](std::vector<double> values) {
    const auto count = static_cast<int64_t>(values.size());
    return torch::tensor(values, torch::kDouble).reshape({1, count, 1, 1});
  };
  const Tensor source = cell({10}), target = cell({100});
  const Tensor source_maps = cell({0.5, 0.2}), target_maps = cell({0.1, 0.4});

  const Tensor summed = transport(source, target, source_maps, target_maps, Transport::kSummed);
  const Tensor sequential =
      transport(source, target, source_maps, target_maps, Transport::kSequential);

  EXPECT_NEAR(summed.item<double>(), 10 * 0.3 * 0.5 + 0.5 * 100, 1e-12);
  // F_1 = 0.5 * 0.9 * 10 + 0.1 * 100 = 14.5, F_2 = 0.8 * 0.6 * 14.5 + 0.4 * 100.
  EXPECT_NEAR(sequential.item<double>(), 46.96, 1e-12);
}

TEST(TransporterMaps, GradientsAgreeWithFiniteDifferences) {
  torch::manual_seed(1);
  const Tensor scores = torch::randn({2, 3, 4, 5}, torch::kDouble);
  const Tensor features = torch::randn({2, 2, 4, 5}, torch::kDouble);
  const Tensor weights = torch::randn({1, 2, 4, 5}, torch::kDouble);
  for (const Transport rule : {Transport::kSummed, Transport::kSequential}) {
    const auto mixed = [&](const Tensor& f, const Tensor& s) {
      const Tensor maps = transporter_heatmaps(transporter_keypoints(s), 4, 5, 2);
      return (transport(f.slice(0, 0, 1), f.slice(0, 1), maps.slice(0, 0, 1), maps.slice(0, 1),
                        rule) *
              weights)
          .sum();
    };
    const auto of_scores = [&](const Tensor& s) { return mixed(features, s); };
    const auto of_features = [&](const Tensor& f) { return mixed(f, scores); };

    EXPECT_LT(tests::gradient_error(of_scores, scores), 1e-8);
    EXPECT_LT(tests::gradient_error(of_features, features), 1e-8);
  }
}

TEST(TransporterNetwork, HasTheParametersOfTheComparison) {
  TransporterDetector detector(TransporterConfig{}, 1);
  const auto of = [&](const std::string& part) {
    return tests::parameter_count(detector.module().named_children()[part]->parameters());
  };

  EXPECT_EQ(tests::parameter_count(detector.module().parameters()), 568228);  // spec 2.4
  EXPECT_EQ(of("encoder"), 142550);
  EXPECT_EQ(of("keypointer"), 145075);
  EXPECT_EQ(of("refiner"), 280603);
  const auto parameters = detector.module().named_parameters();
  EXPECT_EQ(parameters["encoder.0.weight"].sizes().vec(), (std::vector<int64_t>{25, 3, 7, 7}));
  EXPECT_EQ(parameters["refiner.0.weight"].sizes().vec(), (std::vector<int64_t>{100, 100, 4, 4}));
}

TEST(TransporterNetwork, TheWiderOneHasTheParametersOfTheSpecification) {
  TransporterConfig config;
  config.channels = 50;
  TransporterDetector detector(config, 1);
  EXPECT_EQ(tests::parameter_count(detector.module().parameters()), 2241428);  // spec 2.4
}

TEST(TransporterNetwork, MapsHaveAQuarterOfTheSides) {
  const torch::NoGradGuard no_grad;
  TransporterDetector detector(small_transporter(), 1);
  const Tensor frames = torch::zeros({2, 3, 32, 24});

  const Tensor features = detector.network().features(frames);

  EXPECT_EQ(features.sizes().vec(), (std::vector<int64_t>{2, 24, 8, 6}));
  EXPECT_EQ(detector.network().scores(frames).sizes().vec(), (std::vector<int64_t>{2, 3, 8, 6}));
  EXPECT_EQ(detector.network().reconstruction(features).sizes(), frames.sizes());
}

TEST(TransporterDetector, TheSameSeedGivesTheSameWeightsWhateverTheGlobalGenerator) {
  torch::manual_seed(1);
  TransporterDetector a(small_transporter(), 7);
  torch::manual_seed(2);
  TransporterDetector b(small_transporter(), 7), c(small_transporter(), 8);

  const auto of_a = a.module().parameters(), of_b = b.module().parameters();
  for (size_t i = 0; i < of_a.size(); ++i) EXPECT_TRUE(torch::equal(of_a[i], of_b[i]));
  EXPECT_FALSE(torch::equal(of_a[0], c.module().parameters()[0]));
}

TEST(TransporterDetector, AnImageDoesNotDependOnItsNeighbours) {
  torch::manual_seed(1);
  TransporterDetector detector(small_transporter(), 1);
  const Tensor images = random_frames(5, 40);

  const Keypoints together = detector.detect(images);
  const Keypoints alone = detector.detect(images.slice(0, 3, 4));

  EXPECT_TRUE(torch::equal(together.xy[3], alone.xy[0]));
  EXPECT_TRUE((together.active == 1).all().item<bool>());
  EXPECT_EQ(detector.detect(random_frames(0, 40)).xy.sizes().vec(),
            (std::vector<int64_t>{0, 3, 2}));
}

TEST(TransporterDetector, DetectsInEvaluationModeAndLeavesTheMode) {
  TransporterDetector detector(small_transporter(), 1);
  detector.module().train();
  const Tensor before = detector.module().named_buffers()["keypointer.1.running_mean"].clone();

  const Keypoints found = detector.detect(random_frames(2, 40));

  EXPECT_FALSE(found.xy.requires_grad());
  EXPECT_TRUE(detector.module().is_training());
  EXPECT_TRUE(torch::equal(detector.module().named_buffers()["keypointer.1.running_mean"], before));
}

TEST(TransporterDetector, NamesBadSettingsAndImages) {
  TransporterConfig odd = small_transporter();
  odd.input_width = 30;
  TransporterDetector detector(small_transporter(), 1);

  EXPECT_EQ(tests::error_of([&] { TransporterDetector(odd, 1); }),
            "TransporterDetector: config: expected input sides >= 8, multiples of 4, got height "
            "32, width 30");
  EXPECT_EQ(tests::error_of([&] { TransporterDetector(small_transporter("fair"), 1); }),
            "TransporterDetector: config.variant: expected comparison or original, got \"fair\"");
  EXPECT_EQ(tests::error_of([&] { detector.detect(random_frames(1, 32)); }),
            "TransporterDetector::detect: images: expected uint8 [N, 3, 40, 40], got Byte [1, 3, "
            "32, 32]");
  EXPECT_EQ(tests::error_of(
                [&] { transporter_loss(detector, random_frames(2, 40), random_frames(1, 40)); }),
            "transporter_loss: pairs: expected as many targets as sources, at least one, got [2] "
            "and [1]");
}

TEST(TransporterDetector, IsInTheRegistry) {
  DetectorConfig config;
  config.transporter = small_transporter();
  const auto detector = make_detector("transporter", config, 1);
  EXPECT_EQ(detector->name(), "transporter");
  EXPECT_EQ(detector->keypoints(), 3);
}

TEST(TransporterLoss, CyclicPairsGoOneFrameBackWithinTheWindow) {
  const FramePairs pairs = cyclic_pairs(2, 3);
  EXPECT_TRUE(torch::equal(pairs.source, torch::tensor({0, 1, 2, 3, 4, 5})));
  EXPECT_TRUE(torch::equal(pairs.target, torch::tensor({2, 0, 1, 5, 3, 4})));
}

// The same as sources followed by targets in one batch, for half of the work.
TEST(TransporterLoss, EncodingEveryFrameOnceChangesNothing) {
  torch::manual_seed(1);
  for (const char* variant : {"comparison", "original"}) {
    TransporterDetector once(small_transporter(variant), 1), twice(small_transporter(variant), 1);
    const Tensor frames = random_frames(6, 40);
    const FramePairs pairs = cyclic_pairs(2, 3);

    const NamedLoss a = transporter_loss(once, frames, pairs);
    const NamedLoss b = transporter_loss(twice, frames.index_select(0, pairs.source),
                                         frames.index_select(0, pairs.target));

    EXPECT_NEAR(a.total.item<double>(), b.total.item<double>(), 1e-5 * b.total.item<double>());
    const auto of_a = gradients_of(a, once.module().parameters());
    const auto of_b = gradients_of(b, twice.module().parameters());
    double largest = 0;
    for (const Tensor& gradient : of_b) {
      largest = std::max(largest, gradient.abs().max().item<double>());
    }
    for (size_t i = 0; i < of_a.size(); ++i) {
      EXPECT_LT((of_a[i] - of_b[i]).abs().max().item<double>(), 1e-4 * largest) << i;
    }
    const auto buffers = once.module().named_buffers(), others = twice.module().named_buffers();
    EXPECT_TRUE(torch::allclose(buffers["encoder.1.running_mean"], others["encoder.1.running_mean"],
                                1e-5, 1e-7));
  }
}

TEST(TransporterLoss, IsTenTimesTheMeanSquaredError) {
  torch::manual_seed(1);
  TransporterDetector detector(small_transporter(), 1);
  const Tensor frames = random_frames(4, 40);

  const NamedLoss loss = transporter_loss(detector, frames, cyclic_pairs(1, 4));

  ASSERT_EQ(loss.terms.size(), 2U);
  EXPECT_EQ(loss.terms[0].first, "reconstruction");
  EXPECT_EQ(loss.terms[1].first, "total");
  EXPECT_NEAR(loss.terms[1].second, 10 * loss.terms[0].second, 1e-5);
  EXPECT_NEAR(loss.total.item<double>(), loss.terms[1].second, 1e-9);
}

TEST(TransporterLoss, TheOriginalGivesNoGradientToTheSourceBranch) {
  torch::manual_seed(1);
  const Tensor images = random_frames(2, 40);
  const auto encoder_gradient = [&](const std::string& variant, int64_t target) {
    TransporterDetector detector(small_transporter(variant), 1);
    detector.module().eval();  // without batch statistics the frames do not meet
    const FramePairs pairs{torch::tensor({0}), torch::tensor({target})};
    const NamedLoss loss = transporter_loss(detector, images, pairs);
    return torch::autograd::grad({loss.total}, {detector.module().parameters()[0]})[0];
  };
  const auto stopped = [&](const std::string& variant) {
    TransporterDetector detector(small_transporter(variant), 1);
    detector.module().eval();
    const Tensor frames = centred_frames(images, 32, 32);
    const Tensor source = frames.slice(0, 0, 1), target = frames.slice(0, 1);
    const auto maps = [&](const Tensor& frame) {
      return transporter_heatmaps(transporter_keypoints(detector.network().scores(frame)), 8, 8,
                                  10);
    };
    const Tensor mixed =
        transport(detector.network().features(source).detach(), detector.network().features(target),
                  maps(source).detach(), maps(target), Transport::kSequential);
    const Tensor loss = 10 * torch::mse_loss(detector.network().reconstruction(mixed), target);
    return torch::autograd::grad({loss}, {detector.module().parameters()[0]})[0];
  };

  const Tensor expected = stopped("original");

  EXPECT_TRUE(torch::allclose(encoder_gradient("original", 1), expected, 1e-4, 1e-9));
  EXPECT_FALSE(torch::allclose(encoder_gradient("comparison", 1), expected, 1e-2, 1e-9));
}

TEST(TransporterLoss, AFewStepsOfTrainingLowerIt) {
  for (const char* variant : {"comparison", "original"}) {
    TransporterConfig config = small_transporter(variant);
    config.height = config.width = config.input_height = config.input_width = 16;
    TransporterDetector detector(config, 1);
    const Tensor frames = tests::square_frames({{0, 0}, {8, 0}, {8, 8}, {0, 8}}, 16, 6);

    const auto totals = tests::train(detector.module(), 12, 3e-3, [&](int) {
      return transporter_loss(detector, frames, cyclic_pairs(1, 4));
    });

    EXPECT_LT(totals.back(), 0.7 * totals.front()) << variant;
  }
}

}  // namespace
}  // namespace mint::perception
