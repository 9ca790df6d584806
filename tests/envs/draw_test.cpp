#include "envs/draw.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace mint::envs {
namespace {

// World units per pixel and back: section 7 of the MAGICAL page.
constexpr double kScale = 384 / 2.04;

// The robot alone, in the middle, heading up, gripper open.
Scene robot_scene() {
  Scene scene;
  scene.draw_order = {{EntityKind::kRobot, 0}};
  return scene;
}

// A blue region in the upper left quarter, a red square on its corner, then the robot.
Scene crowded_scene() {
  Scene scene;
  scene.regions = {{Colour::kBlue, -0.8, 0.8, 0.5, 0.5}};
  scene.blocks = {{Shape::kSquare, Colour::kRed, {-0.3, 0.3, 0}}};
  scene.robot = {0.5, -0.5, 0.3};
  scene.draw_order = {{EntityKind::kRegion, 0}, {EntityKind::kBlock, 0}, {EntityKind::kRobot, 0}};
  return scene;
}

std::array<int, 3> pixel(const Image& image, int x, int y) {
  const uint8_t* p = &image.rgb[3 * (y * image.width + x)];
  return {p[0], p[1], p[2]};
}

// The pixel that holds a point of the world in the allocentric view.
struct Place {
  int x;
  int y;
};
Place place(double x, double y) {
  return {static_cast<int>(std::floor(kScale * (x + 1.02))),
          383 - static_cast<int>(std::floor(kScale * (y + 1.02)))};
}
std::array<int, 3> pixel_at(const Image& image, double x, double y) {
  return pixel(image, place(x, y).x, place(x, y).y);
}

Image draw_allocentric(const Scene& scene) {
  Image image;
  draw(scene, initial_state(scene), Camera::kAllocentric, image);
  return image;
}

using Colour3 = std::array<int, 3>;

TEST(Draw, TheArenaIsWhiteOnGreyWithAGreyLineAround) {
  const Image image = draw_allocentric(robot_scene());

  ASSERT_EQ(image.width, 384);
  ASSERT_EQ(image.height, 384);
  ASSERT_EQ(image.rgb.size(), 384u * 384 * 3);
  EXPECT_EQ(pixel(image, 0, 0), (Colour3{231, 231, 234}));
  EXPECT_EQ(pixel(image, 383, 383), (Colour3{231, 231, 234}));
  EXPECT_EQ(pixel(image, 100, 10), (Colour3{255, 255, 255}));
  // The edge lies at S * 0.02 = 3.7647 px: the centres 3.5 and 4.5 are covered 1 - 0.2647 and
  // 1 - 0.7353 by the grey line (162, 163, 175); below it background and floor.
  EXPECT_EQ(pixel(image, 3, 100), (Colour3{180, 181, 191}));
  EXPECT_EQ(pixel(image, 4, 100), (Colour3{230, 231, 234}));
}

TEST(Draw, TheRobotHasBodyRimEyesAndFingers) {
  const Image image = draw_allocentric(robot_scene());

  EXPECT_EQ(pixel_at(image, 0, 0), (Colour3{162, 163, 175}));              // body
  EXPECT_EQ(pixel_at(image, 0, -0.195), (Colour3{144, 145, 159}));         // rim
  EXPECT_EQ(pixel_at(image, 0.08, 0.03), (Colour3{255, 255, 255}));        // eye
  EXPECT_EQ(pixel_at(image, -0.08, 0.06 + 0.014), (Colour3{26, 26, 26}));  // pupil
  // Open left finger: hinge (-0.09, 0.02), turned by pi/8, half way along its upper arm's end.
  const double c = std::cos(M_PI / 8);
  const double s = std::sin(M_PI / 8);
  EXPECT_EQ(pixel_at(image, -0.09 - 0.2 * s, 0.02 + 0.2 * c), (Colour3{231, 231, 234}));
  EXPECT_EQ(pixel_at(image, -0.09 - 0.022 * c - 0.2 * s, 0.02 - 0.022 * s + 0.2 * c),
            (Colour3{162, 163, 175}));
}

TEST(Draw, BlocksHaveADarkerRimAndRegionsALighterFill) {
  const Image image = draw_allocentric(crowded_scene());

  EXPECT_EQ(pixel_at(image, -0.3, 0.3), (Colour3{245, 129, 165}));
  EXPECT_EQ(pixel_at(image, -0.3 + 0.1, 0.3), (Colour3{243, 94, 141}));  // 0.006 from the edge
  EXPECT_EQ(pixel_at(image, -0.55, 0.55), (Colour3{194, 219, 233}));
}

// Top edge of the region: y = 0.8, from x = -0.8; the first 8 px are on, the next 8 off.
TEST(Draw, RegionOutlinesAreDashedFromTheTopLeftCorner) {
  const Image image = draw_allocentric(crowded_scene());
  const Place corner = place(-0.8, 0.8);

  EXPECT_EQ(pixel(image, corner.x + 4, corner.y), (Colour3{135, 185, 211}));
  EXPECT_EQ(pixel(image, corner.x + 12, corner.y + 1), (Colour3{194, 219, 233}));
  EXPECT_EQ(pixel(image, corner.x + 20, corner.y), (Colour3{135, 185, 211}));
}

TEST(Draw, TheEgocentricRobotStandsAtTheBottomHeadingUp) {
  Scene scene = robot_scene();
  scene.robot = {0.3, -0.2, 2.1};
  Image image;

  draw(scene, initial_state(scene), Camera::kEgocentric, image);

  const int row = 383 - static_cast<int>(kScale * 0.306);  // of the robot's centre
  EXPECT_EQ(pixel(image, 192, row), (Colour3{162, 163, 175}));
  EXPECT_EQ(pixel(image, 192 - 15, row - 14), (Colour3{26, 26, 26}));  // left pupil
}

TEST(Draw, InstanceIdsAreOnePlusThePlaceInTheDrawOrder) {
  const Scene scene = crowded_scene();
  Image image;
  InstanceImage ids;

  draw(scene, initial_state(scene), Camera::kAllocentric, image, &ids);

  const auto id_at = [&](double x, double y) {
    return int{ids.ids[place(x, y).y * ids.width + place(x, y).x]};
  };
  EXPECT_EQ(id_at(-0.55, 0.55), 1);         // region
  EXPECT_EQ(id_at(-0.3, 0.3), 2);           // block over the region's corner
  EXPECT_EQ(id_at(0.5, -0.5), 3);           // robot
  EXPECT_EQ(id_at(0, 0), 0);                // floor
  EXPECT_EQ(id_at(-1.01, 0), 0);            // outside
  EXPECT_EQ(id_at(-0.8 + 0.02, 0.804), 1);  // dash outside the region's rectangle
}

TEST(Draw, AskingForIdsDoesNotChangeThePixels) {
  const Scene scene = crowded_scene();
  for (const Camera camera : {Camera::kAllocentric, Camera::kEgocentric}) {
    Image plain;
    Image with_ids;
    InstanceImage ids;

    draw(scene, initial_state(scene), camera, plain);
    draw(scene, initial_state(scene), camera, with_ids, &ids);

    EXPECT_EQ(plain.rgb, with_ids.rgb);
  }
}

TEST(Draw, WildPosesNeitherCrashNorHang) {
  Scene scene = crowded_scene();
  State state = initial_state(scene);
  Image image;
  for (const double wild :
       {1e300, -1e300, static_cast<double>(NAN), static_cast<double>(INFINITY)}) {
    state.robot.pose.x = wild;
    state.blocks[0].pose.y = wild;
    state.fingers[0].pose.angle = wild;

    draw(scene, state, Camera::kAllocentric, image);
    draw(scene, state, Camera::kEgocentric, image);
  }
  EXPECT_EQ(image.width, 384);
}

// One block of 16 samples per case, in the top left corner; sums and means by hand.
TEST(Downsample, RoundsHalvesToEven) {
  const struct {
    int sum;
    int mean;
  } cases[] = {{7, 0}, {8, 0}, {9, 1}, {23, 1}, {24, 2}, {25, 2}, {40, 2}, {41, 3}, {4080, 255}};
  for (const auto& [sum, mean] : cases) {
    Image image;
    image.width = image.height = 384;
    image.rgb.assign(384 * 384 * 3, 0);
    int left = sum;
    for (int i = 0; i < 16; ++i) {
      const int value = std::min(left, 255);
      left -= value;
      image.rgb[3 * ((i / 4) * 384 + i % 4) + 1] = static_cast<uint8_t>(value);
    }
    std::vector<uint8_t> rgb(96 * 96 * 3, 77);

    downsample(image, rgb.data());

    EXPECT_EQ(int{rgb[1]}, mean) << "sum " << sum;
    EXPECT_EQ(int{rgb[0]}, 0);
    EXPECT_EQ(int{rgb[4]}, 0);
  }
}

TEST(Downsample, EachBlockGoesToItsOwnPixel) {
  Image image;
  image.width = image.height = 384;
  image.rgb.resize(384 * 384 * 3);
  for (size_t i = 0; i < image.rgb.size(); ++i) {
    image.rgb[i] = static_cast<uint8_t>((i * 2654435761u) >> 24);
  }
  std::vector<uint8_t> rgb(96 * 96 * 3);

  downsample(image, rgb.data());

  for (int y = 0; y < 96; ++y) {
    for (int x = 0; x < 96; ++x) {
      for (int c = 0; c < 3; ++c) {
        double sum = 0;
        for (int i = 0; i < 16; ++i) {
          sum += image.rgb[3 * ((4 * y + i / 4) * 384 + 4 * x + i % 4) + c];
        }
        ASSERT_EQ(rgb[3 * (96 * y + x) + c], std::nearbyint(sum / 16)) << x << " " << y;
      }
    }
  }
}

TEST(Downsample, RefusesAnotherSize) {
  Image image;
  image.width = image.height = 96;
  image.rgb.resize(96 * 96 * 3);
  std::vector<uint8_t> rgb(96 * 96 * 3);

  EXPECT_THROW(downsample(image, rgb.data()), std::invalid_argument);
  EXPECT_THROW(downsample(InstanceImage{}), std::invalid_argument);
}

TEST(Downsample, IdsTakeTheMostFrequentAndTheLargerOnATie) {
  InstanceImage ids;
  ids.width = ids.height = 384;
  ids.ids.assign(384 * 384, 0);
  const auto set = [&](int block, int count, uint8_t id, int from) {
    for (int i = from; i < from + count; ++i) ids.ids[(i / 4) * 384 + 4 * block + i % 4] = id;
  };
  set(0, 9, 3, 0);  // 9 x 3, 7 x 0
  set(1, 8, 2, 0);  // 8 x 2, 8 x 0
  set(2, 6, 5, 0);  // 6 x 5, 6 x 1, 4 x 0
  set(2, 6, 1, 6);
  set(3, 7, 4, 0);  // 7 x 4, 9 x 0

  const InstanceImage small = downsample(ids);

  EXPECT_EQ(small.width, 96);
  EXPECT_EQ(std::vector<uint8_t>(small.ids.begin(), small.ids.begin() + 4),
            (std::vector<uint8_t>{3, 2, 5, 0}));
}

}  // namespace
}  // namespace mint::envs
