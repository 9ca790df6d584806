#include "training/frame_copies.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace mint::training {
namespace {

// One dark pixel on white, [1, 3, 40, 60].
torch::Tensor frame_with_dot(int64_t x, int64_t y) {
  auto frame = torch::full({1, 3, 40, 60}, 255, torch::kUInt8);
  frame.select(3, x).select(2, y).fill_(0);
  return frame;
}

// Where the darkness is, as a keypoint: fractions of the sides.
perception::Keypoints centre_of_darkness(const torch::Tensor& frame) {
  const auto weight = (255 - frame[0][0].to(torch::kFloat32));
  const auto sum = weight.sum();
  const auto x = (weight.sum(0) * torch::arange(60)).sum() / sum / 60;
  const auto y = (weight.sum(1) * torch::arange(40)).sum() / sum / 40;
  return {torch::stack({x, y}).view({1, 1, 2}), torch::ones({1, 1})};
}

TEST(FrameCopies, MovesThePictureAndFindsTheWayBack) {
  const FrameMotion motion{1.5, -2, 0.05, false};
  const auto frame = frame_with_dot(12, 30);

  const auto moved = centre_of_darkness(move_frames(frame, motion));
  const auto back = unmove(moved, motion, 40, 60);

  EXPECT_GT(std::abs(moved.xy[0][0][0].item<double>() - 12.0 / 60), 0.005);
  EXPECT_NEAR(back.xy[0][0][0].item<double>() * 60, 12, 0.05);
  EXPECT_NEAR(back.xy[0][0][1].item<double>() * 40, 30, 0.05);
}

TEST(FrameCopies, ShiftsRightAndDown) {
  const auto moved = move_frames(frame_with_dot(12, 30), {2, 1, 0, false});

  EXPECT_EQ(moved[0][1][31][14].item<int>(), 0);
  EXPECT_EQ(moved[0][1][30][12].item<int>(), 255);
}

TEST(FrameCopies, LeavesMirroredFramesMirrored) {
  const auto moved = move_frames(frame_with_dot(12, 30), {0, 0, 0, true});

  EXPECT_EQ(moved[0][2][30][60 - 1 - 12].item<int>(), 0);
}

TEST(FrameCopies, LeaveKeypointsOfFramesAsRecordedBitForBit) {
  const perception::Keypoints keypoints{torch::rand({50, 25, 2}), torch::ones({50, 25})};

  EXPECT_TRUE(torch::equal(unmove(keypoints, {}, 96, 96).xy, keypoints.xy));
}

TEST(FrameCopies, AreDrawnWithinTheirLimitsBySeed) {
  CopiesConfig config;
  config.copies = 8;
  config.mirrors = true;

  const auto motions = draw_motions(config, 1);

  ASSERT_EQ(motions.size(), 18u);
  EXPECT_EQ(motions[0].shift_x_px, 0);
  for (size_t i = 0; i < motions.size(); ++i) {
    EXPECT_LE(std::abs(motions[i].shift_x_px), 2);
    EXPECT_LE(std::abs(motions[i].rotation_rad), 3 * M_PI / 180 + 1e-12);
    EXPECT_EQ(motions[i].is_mirrored, i >= 9);
  }
  EXPECT_EQ(draw_motions(config, 1)[3].shift_y_px, motions[3].shift_y_px);
  EXPECT_NE(draw_motions(config, 2)[3].shift_y_px, motions[3].shift_y_px);
}

}  // namespace
}  // namespace mint::training
