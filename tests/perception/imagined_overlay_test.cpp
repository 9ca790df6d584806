#include "perception/imagined_overlay.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace mint::perception {
namespace {

using torch::Tensor;

// How far a pixel is from the grey of the frame, summed over the channels.
int colour_at(const Tensor& picture, int64_t x, int64_t y) {
  int sum = 0;
  for (int c = 0; c < 3; ++c) sum += std::abs(picture[c][y][x].item<int>() - 128);
  return sum;
}

// A frame of 30x20 px with a keypoint at x = 5, imagined at 10, 15 and 20, in the row y = 10.
Tensor drawn(double active) {
  const Tensor frame = torch::full({3, 20, 30}, 128, torch::kUInt8);
  const Tensor xy = torch::tensor({5.0 / 30, 10.0 / 20}, torch::kFloat).view({1, 1, 2});
  const Tensor future =
      torch::tensor({10.0 / 30, 0.5, 15.0 / 30, 0.5, 20.0 / 30, 0.5}, torch::kFloat)
          .view({3, 1, 2});
  return draw_imagined(frame, {xy, torch::full({1, 1}, active)}, future, OverlayStyle());
}

TEST(ImaginedOverlay, FadesWithTheNumberOfFramesAhead) {
  const Tensor picture = drawn(1);

  EXPECT_EQ(picture.sizes().vec(), (std::vector<int64_t>{3, 80, 120}));
  const auto colour = keypoint_colour(0);  // of the present keypoint, centre 5 * 4 + 1.5
  for (int c = 0; c < 3; ++c) EXPECT_EQ(picture[c][41][21].item<int>(), colour[c]);
  const int now = colour_at(picture, 21, 41), near = colour_at(picture, 41, 41);
  const int middle = colour_at(picture, 61, 41), far = colour_at(picture, 81, 41);
  EXPECT_GT(now, near);
  EXPECT_GT(near, middle);
  EXPECT_GT(middle, far);
  EXPECT_GT(far, 20);
  EXPECT_GT(colour_at(picture, 51, 41), 20) << "the trajectory between two of them";
  EXPECT_EQ(colour_at(picture, 100, 41), 0);
  EXPECT_EQ(colour_at(picture, 51, 20), 0);
}

TEST(ImaginedOverlay, LeavesOutKeypointsThatAreNotActive) {
  EXPECT_TRUE(drawn(0).eq(128).all().item<bool>());
}

TEST(ImaginedOverlay, RejectsAFutureOfOtherKeypoints) {
  const Tensor frame = torch::zeros({3, 20, 30}, torch::kUInt8);
  const Keypoints now{torch::zeros({1, 2, 2}), torch::ones({1, 2})};

  EXPECT_THROW(draw_imagined(frame, now, torch::zeros({3, 1, 2}), OverlayStyle()),
               std::invalid_argument);
}

}  // namespace
}  // namespace mint::perception
