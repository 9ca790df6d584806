#include "perception/keypoints_in_pixels.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace mint::perception {
namespace {

TEST(KeypointsInPixels, ScaleByTheSizeOfTheMasks) {
  const Keypoints keypoints = {torch::tensor({0.5F, 0.25F, 0.0F, 0.75F}).view({2, 1, 2}),
                               torch::tensor({1.0F, 0.5F}).view({2, 1})};

  const PixelKeypoints pixels = keypoints_in_pixels(keypoints, /*height=*/320, /*width=*/480);

  EXPECT_EQ(pixels.frames, 2);
  EXPECT_EQ(pixels.keypoints, 1);
  EXPECT_EQ(pixels.height, 320);
  EXPECT_EQ(pixels.width, 480);
  EXPECT_EQ(pixels.xy, (std::vector<double>{240, 80, 0, 240}));
  EXPECT_EQ(pixels.active, (std::vector<uint8_t>{1, 0}));
}

TEST(KeypointsInPixels, StayInTheImage) {
  const float last = std::nextafter(1.0F, 0.0F);
  const Keypoints keypoints = {torch::full({1, 1, 2}, last), torch::ones({1, 1})};

  const PixelKeypoints pixels = keypoints_in_pixels(keypoints, 320, 480);

  EXPECT_LT(pixels.xy[0], 480);
  EXPECT_LT(pixels.xy[1], 320);
}

}  // namespace
}  // namespace mint::perception
