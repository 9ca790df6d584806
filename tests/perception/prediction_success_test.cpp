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

TEST(PredictionSuccess, RejectsAnotherNumberOfPositions) {
  EXPECT_EQ(tests::error_of<std::invalid_argument>([&] {
              success({{0}, {2}, {4}}, {2, 4}, kMoving);
            }),
            "prediction_success: predictions: expected 3 positions, got 2");
}

}  // namespace
}  // namespace mint::perception
