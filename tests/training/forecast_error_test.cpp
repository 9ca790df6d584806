// Windows of keypoints and the errors of forecasts, on keypoints that are made up.
#include "training/forecast_error.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace mint::training {
namespace {

using torch::Tensor;

dynamics::KeypointPredictorConfig forecast_config() {
  dynamics::KeypointPredictorConfig config;
  config.keypoints = 2;
  config.history = 2;
  config.horizons = 1;
  config.unroll = 2;
  return config;
}

// Two videos of 5 and 4 frames. Both keypoints move right by a hundredth of the image a frame.
KeypointVideos moving_keypoints() {
  KeypointVideos videos;
  videos.starts = {0, 5, 9};
  const Tensor x = torch::tensor({0.10, 0.11, 0.12, 0.13, 0.14, 0.50, 0.51, 0.52, 0.53});
  videos.keypoints.xy = torch::stack({x, torch::full({9}, 0.5)}, 1).unsqueeze(1).repeat({1, 2, 1});
  videos.keypoints.active = torch::ones({9, 2}, torch::kFloat64);
  return videos;
}

TEST(KeypointVideos, GiveEveryWindowOfAVideoAndNoneAcrossItsEnd) {
  EXPECT_EQ(predictor_windows(moving_keypoints(), forecast_config()),
            (std::vector<int64_t>{0, 1, 5}));
}

TEST(KeypointVideos, GiveTheFramesAndActionsAfterTheWindow) {
  auto videos = moving_keypoints();
  videos.actions = torch::arange(9);

  const auto sample = gather_windows(videos, {1, 5}, forecast_config());

  const auto x_of = [](const Tensor& xy) { return xy.select(3, 0).select(2, 0).contiguous(); };
  EXPECT_TRUE(torch::allclose(
      x_of(sample.xy), torch::tensor({{0.11, 0.12}, {0.50, 0.51}}).to(sample.xy.scalar_type())));
  EXPECT_TRUE(
      torch::allclose(x_of(sample.next_xy),
                      torch::tensor({{0.13, 0.14}, {0.52, 0.53}}).to(sample.xy.scalar_type())));
  EXPECT_TRUE(torch::equal(sample.actions, torch::tensor({{2, 3}, {6, 7}})));
}

TEST(ForecastErrors, AreZeroForConstantVelocityAndTheDistanceForCopies) {
  dynamics::KeypointPredictor predictor(forecast_config(), 1);

  const auto errors = forecast_errors(predictor, moving_keypoints(), /*height=*/50, /*width=*/200);

  ASSERT_EQ(errors.size(), 2u);
  EXPECT_NEAR(errors[0].constant_velocity, 0, 1e-5);
  EXPECT_NEAR(errors[0].copied, 2, 1e-5);  // 0.01 of 200 px
  EXPECT_NEAR(errors[1].copied, 4, 1e-5);
  EXPECT_EQ(errors[0].at_once, errors[0].unrolled);
  EXPECT_TRUE(std::isnan(errors[1].at_once)) << "predicts one frame at once";
}

TEST(ForecastErrors, CountOnlyKeypointsThatAreActiveNowAndThen) {
  dynamics::KeypointPredictor predictor(forecast_config(), 1);
  auto videos = moving_keypoints();
  videos.keypoints.active.select(1, 1).fill_(0);
  videos.keypoints.xy.select(1, 1).copy_(torch::rand({9, 2}));

  EXPECT_NEAR(forecast_errors(predictor, videos, 50, 200)[0].copied, 2, 1e-5);
}

}  // namespace
}  // namespace mint::training
