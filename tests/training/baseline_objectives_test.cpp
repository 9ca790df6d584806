// The objectives of the two baseline detectors on a tiny data set.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/error_of.h"
#include "training/objective.h"
#include "training/transporter_objective.h"
#include "training/video_structure_objective.h"

namespace mint::training {
namespace {

using torch::Tensor;

FrameDataset random_dataset(int64_t frames) {
  torch::manual_seed(1);
  return {torch::randint(0, 256, {frames, 3, 16, 16}, torch::kInt).to(torch::kUInt8), {0, frames}};
}

PretrainConfig small_pretrain(const std::string& detector, const std::string& variant) {
  PretrainConfig config;
  config.detector = detector;
  set_frame_size(config, 16, 16);
  const auto shrink = [&](auto& settings) {
    settings.keypoints = 2;
    settings.input_height = settings.input_width = 16;
    settings.channels = 2;
    settings.variant = variant;
  };
  shrink(config.detectors.transporter);
  shrink(config.detectors.video_structure);
  config.transporter_pairs.per_window = 4;
  config.transporter_pairs.nearest = 2;
  config.transporter_pairs.farthest = 5;
  config.video_structure_frames = 3;
  return config;
}

TEST(TransporterObjective, TheComparisonLearnsFromTheCyclicPairsOfItsWindows) {
  const auto dataset = random_dataset(12);
  const auto objective = make_objective(small_pretrain("transporter", "comparison"), dataset);
  auto& detector = dynamic_cast<perception::TransporterDetector&>(objective->detector());

  const double total = objective->loss({1, 7}, 1).total.item<double>();

  const Tensor frames = dataset.frames.index_select(0, torch::tensor({1, 2, 3, 4, 7, 8, 9, 10}));
  const double expected =
      transporter_loss(detector, frames, perception::cyclic_pairs(2, 4)).total.item<double>();
  EXPECT_EQ(objective->window(), 4);
  EXPECT_NEAR(total, expected, 1e-6 * expected);
}

TEST(TransporterObjective, TheOriginalDrawsItsPairsInsideTheWindowAndAnewForEachBatch) {
  const auto dataset = random_dataset(12);
  const auto config = small_pretrain("transporter", "original");
  const auto a = make_objective(config, dataset), b = make_objective(config, dataset);

  const double first = a->loss({0}, 1).total.item<double>();
  const double second = a->loss({0}, 2).total.item<double>();

  EXPECT_EQ(a->window(), 6);  // farthest + 1
  EXPECT_NE(first, second);
  EXPECT_EQ(first, b->loss({0}, 1).total.item<double>());
}

TEST(TransporterObjective, NamesPairsThatCannotBeDrawn) {
  const auto dataset = random_dataset(12);
  auto odd = small_pretrain("transporter", "original");
  odd.transporter_pairs.per_window = 3;
  auto crossed = small_pretrain("transporter", "original");
  crossed.transporter_pairs.nearest = 6;

  EXPECT_EQ(tests::error_of([&] { make_objective(odd, dataset); }),
            "transporter_pairs: per_window: expected an even number with variant original, got 3");
  EXPECT_EQ(tests::error_of([&] { make_objective(crossed, dataset); }),
            "transporter_pairs: nearest: expected at most farthest (5), got 6");
}

TEST(VideoStructureObjective, LearnsFromWindowsAndClipsItsNetworksApart) {
  const auto dataset = random_dataset(12);
  const auto objective = make_objective(small_pretrain("video_structure", "comparison"), dataset);
  auto& detector = dynamic_cast<perception::VideoStructureDetector&>(objective->detector());

  const double total = objective->loss({1, 7}, 1).total.item<double>();

  const Tensor frames = dataset.frames.index_select(0, torch::tensor({1, 2, 3, 7, 8, 9}));
  const double expected =
      video_structure_loss(detector, frames.unflatten(0, {2, 3})).total.item<double>();
  EXPECT_EQ(objective->window(), 3);
  EXPECT_NEAR(total, expected, 1e-6 * expected);
  const auto groups = objective->parameter_groups();
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].size() + groups[1].size(), detector.module().parameters().size());
}

TEST(PretrainConfig, TheFrameSizeIsThatOfTheDetector) {
  PretrainConfig config;
  config.detectors.transporter.height = 40;
  config.detectors.video_structure.width = 50;

  config.detector = "transporter";
  EXPECT_EQ(frame_size(config).height, 40);
  config.detector = "video_structure";
  EXPECT_EQ(frame_size(config).width, 50);
}

}  // namespace
}  // namespace mint::training
