#include "training/detection_statistics.h"

#include <gtest/gtest.h>

namespace mint::training {
namespace {

// rows[t][k] = {x, y, active}
perception::PixelKeypoints track(const std::vector<std::vector<std::array<double, 3>>>& rows) {
  perception::PixelKeypoints keypoints;
  keypoints.height = 100;
  keypoints.width = 200;
  keypoints.frames = static_cast<int64_t>(rows.size());
  keypoints.keypoints = static_cast<int64_t>(rows.at(0).size());
  for (const auto& frame : rows) {
    for (const auto& [x, y, active] : frame) {
      keypoints.xy.insert(keypoints.xy.end(), {x, y});
      keypoints.active.push_back(active != 0);
    }
  }
  return keypoints;
}

TEST(ActiveCounts, CountWhatIsActive) {
  EXPECT_EQ(active_counts(track({{{1, 1, 1}, {2, 2, 0}}, {{1, 1, 1}, {2, 2, 1}}})),
            (std::vector<double>{1, 2}));
}

TEST(MovingAverage, HasFewerFramesAtTheEnds) {
  EXPECT_EQ(moving_average({0, 3, 6, 0}, 3), (std::vector<double>{1.5, 3, 3, 3}));
  EXPECT_EQ(moving_average({0, 3, 6}, 1), (std::vector<double>{0, 3, 6}));
}

// Around the mean (10, 20): distances 3, 3, 4, 4 along x and y.
TEST(KeypointDrifts, MeasureDistancesFromTheMeanPosition) {
  const auto drifts = keypoint_drifts(
      track({{{7, 20, 1}}, {{13, 20, 1}}, {{10, 16, 1}}, {{10, 24, 1}}, {{90, 90, 0}}}));

  ASSERT_EQ(drifts.size(), 1u);
  EXPECT_DOUBLE_EQ(drifts[0].x, 10);
  EXPECT_DOUBLE_EQ(drifts[0].y, 20);
  EXPECT_DOUBLE_EQ(drifts[0].share_active, 0.8);
  EXPECT_DOUBLE_EQ(drifts[0].median_px, 3);
  EXPECT_DOUBLE_EQ(drifts[0].ninety_fifth_px, 4);
  EXPECT_DOUBLE_EQ(drifts[0].largest_px, 4);
}

// Of a width of 200 one per cent is 2 pixels.
TEST(KeypointDrifts, CallStaticWhatIsActiveAndStill) {
  std::vector<std::vector<std::array<double, 3>>> rows;
  for (int t = 0; t < 10; ++t) {
    const double sign = t % 2 == 0 ? 1 : -1;
    rows.push_back({{50 + 1.9 * sign, 50, t > 0 ? 1.0 : 0.0},  // still, active in 9 of 10
                    {50 + 2.1 * sign, 50, 1},                  // moves too much
                    {50, 50, t > 1 ? 1.0 : 0.0},               // active in 8 of 10
                    {50, 50, 0}});                             // never active
  }

  const auto drifts = keypoint_drifts(track(rows));

  ASSERT_EQ(drifts.size(), 3u);
  EXPECT_TRUE(drifts[0].is_static);
  EXPECT_FALSE(drifts[1].is_static);
  EXPECT_FALSE(drifts[2].is_static);
}

}  // namespace
}  // namespace mint::training
