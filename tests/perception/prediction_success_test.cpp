#include "perception/prediction_success.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/perception/measured_video.h"
#include "tests/support/error_of.h"

namespace mint::perception {
namespace {

using tests::keypoints_at;
using tests::kOff;
using tests::object_over;

// One keypoint, one horizon, a history of one frame: predicted[t] is x predicted for t + 1.
double success(const std::vector<std::vector<double>>& columns,
               const std::vector<double>& predicted, const std::vector<FrameObjects>& objects,
               int64_t history = 1) {
  PredictedKeypoints positions{history, 1, {}};
  for (const double x : predicted) positions.xy.insert(positions.xy.end(), {x, 0.5});
  return prediction_success(keypoints_at(columns), positions, objects).at(0);
}

const std::vector<FrameObjects> kMoving = {
    {object_over(1, 0, 1)}, {object_over(1, 2, 3)}, {object_over(1, 4, 5)}};

TEST(PredictionSuccess, AsksWhetherThePredictionIsOnTheObjectAtTheTarget) {
  EXPECT_DOUBLE_EQ(success({{0}, {2}, {4}}, {2, 4, 6}, kMoving), 1);
  EXPECT_DOUBLE_EQ(success({{0}, {2}, {4}}, {2, 3, 6}, kMoving), 0.5);
}

TEST(PredictionSuccess, NeedsTheKeypointOnTheObjectAtTheSourceOnly) {
  EXPECT_DOUBLE_EQ(success({{9}, {2}, {4}}, {2, 4, 6}, kMoving), 0.5);
  EXPECT_DOUBLE_EQ(success({{0}, {2}, {kOff}}, {2, 4, 6}, kMoving), 1);
}

TEST(PredictionSuccess, LooksBackOnly) {
  // What is predicted at the target frame itself and later is not read.
  EXPECT_DOUBLE_EQ(success({{0}, {2}, {4}}, {2, 4, 0}, kMoving), 1);
  EXPECT_TRUE(std::isnan(success({{0}, {2}, {4}}, {2, 4, 6}, kMoving, /*history=*/3)));
}

// Object 1 moves two columns a frame, object 2 rests, object 3 comes late.
TEST(PredictionSuccess, TellsMovingFromRestingObjects) {
  const std::vector<FrameObjects> objects = {
      {object_over(1, 0, 1), object_over(2, 7, 8)},
      {object_over(1, 2, 3), object_over(2, 7, 8), object_over(3, 9, 9)}};
  const auto keypoints = keypoints_at({{0, 7}, {2, 7}});
  const auto rate = [&](std::vector<double> columns, Motion motion) {
    PredictedKeypoints predicted{1, 1, {}};
    for (const double x : columns) predicted.xy.insert(predicted.xy.end(), {x, 0.5});
    return prediction_success(keypoints, predicted, objects, motion).at(0);
  };

  EXPECT_DOUBLE_EQ(rate({0, 7, 0, 0}, Motion::kMoving), 0);  // both stay
  EXPECT_DOUBLE_EQ(rate({0, 7, 0, 0}, Motion::kResting), 1);
  EXPECT_DOUBLE_EQ(rate({0, 7, 0, 0}, Motion::kAny), 1.0 / 3);
  EXPECT_DOUBLE_EQ(rate({3, 6, 0, 0}, Motion::kMoving), 1);
  EXPECT_DOUBLE_EQ(rate({3, 6, 0, 0}, Motion::kResting), 0);
}

TEST(PredictionSuccess, AMoveOfOnePixelAFrameIsRest) {
  const std::vector<FrameObjects> objects = {{object_over(1, 0, 1)}, {object_over(1, 1, 2)}};
  const PredictedKeypoints predicted{1, 1, {1, 0.5, 1, 0.5}};
  const auto keypoints = keypoints_at({{0}, {1}});

  EXPECT_TRUE(std::isnan(prediction_success(keypoints, predicted, objects, Motion::kMoving).at(0)));
  EXPECT_DOUBLE_EQ(prediction_success(keypoints, predicted, objects, Motion::kResting).at(0), 1);
}

TEST(DetectedShare, IsDopOfTheFramesFromTheFirstOn) {
  const auto keypoints = keypoints_at({{9}, {2}, {9}});

  EXPECT_DOUBLE_EQ(detected_share(keypoints, kMoving, 0), 1.0 / 3);
  EXPECT_DOUBLE_EQ(detected_share(keypoints, kMoving, 1), 0.5);
  EXPECT_DOUBLE_EQ(detected_share(keypoints, kMoving, 2), 0);
  EXPECT_TRUE(std::isnan(detected_share(keypoints, kMoving, 3)));
}

TEST(PredictionSuccess, RejectsAnotherNumberOfPositions) {
  EXPECT_EQ(tests::error_of<std::invalid_argument>([&] {
              success({{0}, {2}, {4}}, {2, 4}, kMoving);
            }),
            "prediction_success: predictions: expected 3 positions, got 2");
}

}  // namespace
}  // namespace mint::perception
