#include "perception/overlay.h"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>
#include <torch/torch.h>
#include <unistd.h>
#include <opencv2/imgcodecs.hpp>

#include "perception/opencv_image.h"

namespace mint::perception {
namespace {

using torch::Tensor;

Tensor grey_frames(int64_t count) {
  return torch::full({count, 3, 20, 30}, 128, torch::kUInt8);
}

// One keypoint that is at (x, y) in every frame.
Keypoints resting(int64_t count, double x, double y, double active) {
  return {torch::tensor({x, y}, torch::kFloat).expand({count, 1, 2}).clone(),
          torch::full({count, 1}, active)};
}

std::array<uint8_t, 3> pixel(const Tensor& image, int64_t x, int64_t y) {
  const auto at = image.accessor<uint8_t, 3>();
  return {at[0][y][x], at[1][y][x], at[2][y][x]};
}

constexpr std::array<uint8_t, 3> kGrey = {128, 128, 128};

TEST(Overlay, FillsAnActiveKeypointAtItsPlace) {
  // x W = 10, y H = 5: pixel (10, 5) of the frame covers 40..43, 20..23 of the picture.
  const Tensor picture = draw_keypoints(grey_frames(1), resting(1, 10.0 / 30, 5.0 / 20, 1), 0);

  EXPECT_EQ(picture.sizes().vec(), (std::vector<int64_t>{3, 80, 120}));
  for (const int64_t x : {40, 43}) {
    for (const int64_t y : {20, 23}) EXPECT_EQ(pixel(picture, x, y), keypoint_colour(0));
  }
  EXPECT_EQ(pixel(picture, 20, 20), kGrey);
}

TEST(Overlay, DrawsAnInactiveKeypointHollowAndOnlyOnRequest) {
  const Keypoints inactive = resting(1, 10.0 / 30, 5.0 / 20, 0);
  OverlayStyle style;
  style.scale = 8;
  const Tensor without = draw_keypoints(grey_frames(1), inactive, 0, style);
  style.draws_inactive = true;
  const Tensor with = draw_keypoints(grey_frames(1), inactive, 0, style);

  EXPECT_TRUE((without == 128).all().item<bool>());
  EXPECT_FALSE((with == 128).all().item<bool>());
  EXPECT_EQ(pixel(with, 84, 44), kGrey);
}

TEST(Overlay, WritesALabelAboveThePictureAndNothingIntoIt) {
  const Tensor picture = torch::full({3, 100, 240}, 7, torch::kUInt8);

  const Tensor labelled = add_label(picture, "jgpq: a label that is longer than the picture");

  const int64_t strip = label_height(240);
  EXPECT_EQ(labelled.sizes().vec(), (std::vector<int64_t>{3, 100 + strip, 240}));
  EXPECT_TRUE(torch::equal(labelled.slice(1, strip), picture));
  EXPECT_TRUE((labelled.slice(1, 0, strip) < 128).any().item<bool>());
}

TEST(Overlay, BreaksATrailWhereTheKeypointWasInactive) {
  Keypoints moving = resting(3, 0.1, 0.5, 1);
  for (int64_t n = 0; n < 3; ++n) moving.xy[n][0][0] = 0.1 + 0.35 * static_cast<double>(n);
  const Tensor whole = draw_keypoints(grey_frames(3), moving, 2);
  moving.active[1][0] = 0;
  const Tensor broken = draw_keypoints(grey_frames(3), moving, 2);

  EXPECT_NE(pixel(whole, 80, 41), kGrey);
  EXPECT_EQ(pixel(broken, 80, 41), kGrey);
}

TEST(Overlay, NumbersAreDrawnOnRequest) {
  OverlayStyle style;
  const Keypoints keypoint = resting(1, 0.3, 0.5, 1);
  const Tensor without = draw_keypoints(grey_frames(1), keypoint, 0, style);
  style.draws_numbers = true;
  EXPECT_FALSE(torch::equal(draw_keypoints(grey_frames(1), keypoint, 0, style), without));
}

TEST(Overlay, ColoursDifferBetweenKeypoints) {
  std::set<std::array<uint8_t, 3>> colours;
  for (int64_t k = 0; k < 25; ++k) colours.insert(keypoint_colour(k));

  EXPECT_EQ(colours.size(), 25u);
  // Hue 0 at full brightness; a saturation of 0.9 leaves a tenth of 255 in the other channels.
  EXPECT_EQ(keypoint_colour(0), (std::array<uint8_t, 3>{255, 25, 25}));
}

TEST(Overlay, RejectsKeypointsOfAnotherBatch) {
  EXPECT_THROW(draw_keypoints(grey_frames(2), resting(1, 0, 0, 1), 0), std::invalid_argument);
  EXPECT_THROW(draw_keypoints(grey_frames(1), resting(1, 0, 0, 1), 1), std::invalid_argument);
}

TEST(MakeGrid, PlacesImagesRowByRowWithWhiteGaps) {
  std::vector<Tensor> images;
  for (int i = 0; i < 3; ++i) images.push_back(torch::full({3, 2, 3}, 10 * i, torch::kUInt8));

  const Tensor grid = make_grid(images, /*columns=*/2, /*gap=*/1);

  EXPECT_EQ(grid.sizes().vec(), (std::vector<int64_t>{3, 5, 7}));
  EXPECT_EQ(pixel(grid, 0, 0)[0], 0);
  EXPECT_EQ(pixel(grid, 3, 0)[0], 255);  // the gap
  EXPECT_EQ(pixel(grid, 4, 0)[0], 10);
  EXPECT_EQ(pixel(grid, 0, 3)[0], 20);
  EXPECT_EQ(pixel(grid, 4, 3)[0], 255);  // no fourth image
}

TEST(WritePng, KeepsPixelsAndChannelOrder) {
  Tensor image = torch::zeros({3, 4, 5}, torch::kUInt8);
  image[0][1][2] = 200;  // a red pixel
  const auto file = std::filesystem::temp_directory_path() /
                    ("mint_overlay_" + std::to_string(getpid()) + ".png");

  write_png(file.string(), image);

  EXPECT_TRUE(torch::equal(from_opencv(cv::imread(file.string())), image));
  std::filesystem::remove(file);
}

TEST(WritePng, NamesTheFileThatCannotBeWritten) {
  try {
    write_png("/nonexistent/a.png", torch::zeros({3, 4, 5}, torch::kUInt8));
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()).rfind("/nonexistent/a.png: ", 0), 0u) << error.what();
  }
}

}  // namespace
}  // namespace mint::perception
