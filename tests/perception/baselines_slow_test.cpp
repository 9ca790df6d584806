// Trains the two baseline detectors until their keypoints follow an object.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/transporter_detector.h"
#include "perception/video_structure_detector.h"
#include "tests/perception/moving_blob.h"

namespace mint::perception {
namespace {

using torch::Tensor;

constexpr int64_t kSide = 32, kSquare = 8;

using Corners = std::vector<std::pair<int64_t, int64_t>>;  // upper left pixels of a square

Corners nine_corners() {
  Corners corners;
  for (const int64_t y : {0, 12, 24}) {
    for (const int64_t x : {0, 12, 24}) corners.emplace_back(x, y);
  }
  return corners;
}

// Places all over the image, no two alike.
Corners scattered_corners() {
  Corners corners;
  for (int64_t i = 0; i < 24; ++i) corners.emplace_back(7 * i % 25, 11 * i % 25);
  return corners;
}

// Largest distance along an axis between the only keypoint and the middle of the square, as a
// fraction of the image.
double following_error(Detector& detector, const Corners& corners) {
  const Tensor xy = detector.detect(tests::square_frames(corners, kSide, kSquare)).xy.select(1, 0);
  double error = 0;
  for (size_t i = 0; i < corners.size(); ++i) {
    const auto middle = [](int64_t corner) {
      return static_cast<double>(corner + kSquare / 2) / kSide;
    };
    const Tensor found = xy[static_cast<int64_t>(i)];
    error = std::max({error, std::abs(found[0].item<double>() - middle(corners[i].first)),
                      std::abs(found[1].item<double>() - middle(corners[i].second))});
  }
  return error;
}

template <class Config>
void set_sizes(Config& config) {
  config.keypoints = 1;
  config.height = config.width = config.input_height = config.input_width = kSide;
}

TEST(TransporterTraining, AKeypointFollowsTheOnlyThingThatMoves) {
  TransporterConfig config;
  set_sizes(config);
  config.channels = 6;
  config.inverse_std = 5;
  config.variant = "original";
  TransporterDetector detector(config, 3);
  const Tensor frames = tests::square_frames(nine_corners(), kSide, kSquare);

  // Every frame is a source once and a target once, another one in every step.
  const Tensor source = torch::arange(9);
  const auto totals = tests::train(detector.module(), 120, 3e-3, [&](int step) {
    return transporter_loss(detector, frames, {source, source.roll(1 + step % 8)});
  });

  EXPECT_LT(totals.back(), totals.front() / 10);
  EXPECT_LT(following_error(detector, nine_corners()), 0.15);
}

// The keypoint could name a few places in any code; of many it must be the place itself.
TEST(VideoStructureTraining, AKeypointFollowsTheOnlyThingThatMoves) {
  VideoStructureConfig config;
  set_sizes(config);
  config.channels = 8;
  VideoStructureDetector detector(config, 5);
  const Tensor frames = tests::square_frames(scattered_corners(), kSide, kSquare);

  torch::manual_seed(5);
  const auto totals = tests::train(detector.module(), 130, 1e-2, [&](int) {
    const Tensor drawn = torch::randperm(frames.size(0)).slice(0, 0, 12);
    return video_structure_loss(detector, frames.index_select(0, drawn).unsqueeze(0));
  });

  EXPECT_LT(totals.back(), totals.front() / 10);
  EXPECT_LT(following_error(detector, scattered_corners()), 0.15);
}

}  // namespace
}  // namespace mint::perception
