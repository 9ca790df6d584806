#include "perception/keypoint_metrics.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "perception/released_metrics.h"
#include "tests/perception/measured_video.h"
#include "tests/support/error_of.h"

namespace mint::perception {
namespace {

using tests::keypoints_at;
using tests::kOff;
using tests::object_over;

TEST(KeypointMetrics, CountsDetectedAndTrackedObjects) {
  // Object 1 keeps keypoint 0; object 2 is seen by keypoint 1, then by keypoint 2.
  const std::vector<FrameObjects> objects(2, {object_over(1, 0, 3), object_over(2, 5, 6)});
  const auto keypoints = keypoints_at({{1, 5, 9}, {2.9, kOff, 6.2}});

  const auto frames = measure_frames(keypoints, objects, 2);
  const VideoMetrics video = video_metrics(frames);

  EXPECT_EQ(frames[1].detected, 2);
  EXPECT_EQ(frames[1].tracked, 1);
  EXPECT_EQ(frames[0].unsuccessful, 1);
  EXPECT_DOUBLE_EQ(video.dop, 1);
  EXPECT_DOUBLE_EQ(video.top, 0.5);
  EXPECT_DOUBLE_EQ(video.top_first_frame_zero, 0.25);
  EXPECT_DOUBLE_EQ(video.uak, 0.5);
}

// Areas 4 and 2, A_k = 2: densities 2 * 1 / 4 and 2 * 2 / 2.
TEST(KeypointMetrics, MultipliesDensitiesAsThePaperPrintsThem) {
  const std::vector<FrameObjects> objects = {{object_over(1, 0, 3), object_over(2, 5, 6)}};

  const VideoMetrics video = measure_video(keypoints_at({{1, 5, 6}}), objects, 2);

  EXPECT_DOUBLE_EQ(video.dak_product, 1.0);
  EXPECT_DOUBLE_EQ(video.dak_mean, 1.25);
  EXPECT_DOUBLE_EQ(video.dak_deviation, 0.75);
}

TEST(KeypointMetrics, TakesTheFloorOfAPosition) {
  const std::vector<FrameObjects> objects = {{object_over(1, 0, 3)}};

  EXPECT_EQ(measure_frames(keypoints_at({{3.99}}), objects, 1)[0].detected, 1);
  EXPECT_EQ(measure_frames(keypoints_at({{4}}), objects, 1)[0].detected, 0);
  EXPECT_EQ(measure_frames(keypoints_at({{-0.01}}), objects, 1)[0].detected, 0);
}

TEST(KeypointMetrics, CountsKeypointsOutsideTheImageAsUnsuccessful) {
  const std::vector<FrameObjects> objects = {{object_over(1, 0, 9)}};

  EXPECT_EQ(measure_frames(keypoints_at({{-1, 10, 1e300, 5}}), objects, 1)[0].unsuccessful, 3);
}

TEST(KeypointMetrics, LeavesNothingDefinedButUakWithoutObjects) {
  const VideoMetrics video = measure_video(keypoints_at({{1, 2}}), {{}}, 1);

  EXPECT_TRUE(std::isnan(video.dop));
  EXPECT_TRUE(std::isnan(video.top));
  EXPECT_TRUE(std::isnan(video.top_first_frame_zero));
  EXPECT_TRUE(std::isnan(video.dak_product));
  EXPECT_TRUE(std::isnan(video.dak_mean));
  EXPECT_TRUE(std::isnan(video.dak_deviation));
  EXPECT_DOUBLE_EQ(video.uak, 2);
}

TEST(KeypointMetrics, DoesNotTrackAcrossAFrameWithoutTheObject) {
  const std::vector<FrameObjects> objects = {{object_over(1, 0, 9)}, {}, {object_over(1, 0, 9)}};
  const auto keypoints = keypoints_at({{1}, {1}, {1}});

  EXPECT_DOUBLE_EQ(measure_video(keypoints, objects, 1).top, 0);
}

TEST(KeypointMetrics, CountsAnObjectWithAnEmptyMaskAsUndetected) {
  const std::vector<FrameObjects> objects = {{object_over(1, 0, 9), object_over(2, 1, 0)}};

  const VideoMetrics video = measure_video(keypoints_at({{1}}), objects, 10);

  EXPECT_DOUBLE_EQ(video.dop, 0.5);
  EXPECT_DOUBLE_EQ(video.dak_mean, 0.5);
}

TEST(KeypointMetrics, AveragesAreasOverObjectsThenFramesThenVideos) {
  const std::vector<FrameObjects> one = {{object_over(1, 0, 1), object_over(2, 0, 3)}, {}};
  const std::vector<FrameObjects> two = {{object_over(1, 0, 4)}};

  EXPECT_DOUBLE_EQ(mean_object_area({one, two, {{}}}), 4);  // (3 + 5) / 2
  EXPECT_TRUE(std::isnan(mean_object_area({})));
}

TEST(KeypointMetrics, RejectMasksOfAnotherSize) {
  const std::vector<FrameObjects> objects = {{{7, RunLengthMask::from_counts(2, 10, {20})}}};

  EXPECT_EQ(tests::error_of<std::invalid_argument>(
                [&] { measure_frames(keypoints_at({{1}}), objects, 1); }),
            "measure_frames: object 7 of frame 0: expected a mask of 1x10, got 2x10");
  EXPECT_EQ(tests::error_of<std::invalid_argument>([&] {
              measure_frames(keypoints_at({{1}}), {{}, {}}, 1);
            }),
            "measure_frames: objects: expected those of 1 frames, got of 2");
}

// A keypoint that turns inactive on its object goes on detecting and tracking it there.
TEST(ReleasedMetrics, RememberWhereAKeypointWas) {
  const std::vector<FrameObjects> objects(3, {object_over(1, 0, 4)});

  const auto found = measure_as_released(keypoints_at({{1}, {kOff}, {kOff}}), objects, 5);

  EXPECT_DOUBLE_EQ(found.dop, 1);
  EXPECT_DOUBLE_EQ(found.top, 2.0 / 3);
}

}  // namespace
}  // namespace mint::perception
