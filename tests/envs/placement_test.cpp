#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

#include "envs/overlap.h"
#include "envs/placement.h"

namespace mint::envs {
namespace {

const EntityRef kRobot = {EntityKind::kRobot, 0};
const EntityRef kBlock0 = {EntityKind::kBlock, 0};
const EntityRef kRegion0 = {EntityKind::kRegion, 0};

Convex circle(double x, double y, double radius) {
  return convex_circle({x, y}, radius);
}

Convex square(double x, double y, double half) {
  return convex_polygon(rectangle(x - half, y - half, x + half, y + half));
}

TEST(Touch, CountsCirclesThatMeet) {
  EXPECT_TRUE(touch(circle(0, 0, 0.5), circle(1, 0, 0.5)));
  EXPECT_FALSE(touch(circle(0, 0, 0.5), circle(1.001, 0, 0.5)));
}

TEST(Touch, SeparatesACircleFromACornerByTheDiagonal) {
  EXPECT_TRUE(touch(square(0, 0, 1), circle(1.34, 1.34, 0.5)));   // 0.481 from the corner
  EXPECT_FALSE(touch(square(0, 0, 1), circle(1.36, 1.36, 0.5)));  // 0.509
}

TEST(Touch, SeparatesATurnedSquareByItsOwnEdges) {
  const Polygon diamond = to_world({1.9, 1.9, M_PI / 4}, rectangle(-1, -1, 1, 1));

  // Its nearest edge is at 2.687 - 1 along the diagonal, a corner of the other at 1.414 h.
  EXPECT_FALSE(touch(square(0, 0, 1), convex_polygon(diamond)));
  EXPECT_TRUE(touch(square(0, 0, 1.25), convex_polygon(diamond)));
}

double lowest(const Convex& shape, Vec2 axis) {
  if (shape.corner_count == 0) return dot(shape.centre, axis) - shape.radius;
  double low = INFINITY;
  for (int i = 0; i < shape.corner_count; ++i) low = std::min(low, dot(shape.corners[i], axis));
  return low;
}

// The widest gap between the shadows of two convex shapes on an axis, plainly by trying 3600 axes;
// negative when none separates them.
double widest_gap(const Convex& a, const Convex& b) {
  double widest = -INFINITY;
  for (int i = 0; i < 3600; ++i) {
    const Vec2 axis = rotate({1, 0}, 2 * M_PI * i / 3600);
    widest = std::max(widest, lowest(a, axis) + lowest(b, {-axis.x, -axis.y}));
  }
  return widest;
}

// The robot, all shapes of blocks and a region around the origin.
Scene crowd(Random& random) {
  Scene scene;
  const auto draw_pose = [&] {
    Pose pose;
    pose.x = random.uniform(-0.4, 0.4);
    pose.y = random.uniform(-0.4, 0.4);
    pose.angle = random.uniform(-4, 4);
    return pose;
  };
  scene.robot = draw_pose();
  for (size_t i = 0; i < kShapeCount; ++i) {
    scene.blocks.push_back({static_cast<Shape>(i), Colour::kRed, draw_pose()});
  }
  scene.regions = {{Colour::kBlue, -0.1, 0.1, 0.3, 0.3}};
  return scene;
}

TEST(Touch, AgreesWithAPlainSearchForASeparatingAxis) {
  Random random(1);
  int touching = 0;
  int apart = 0;

  for (int round = 0; round < 5; ++round) {
    const Scene scene = crowd(random);
    const auto all = entities(scene, {EntityKind::kRegion, EntityKind::kRobot, EntityKind::kBlock});
    for (size_t i = 0; i < all.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        const CollisionShape a = collision_shape(scene, all[i]);
        const CollisionShape b = collision_shape(scene, all[j]);
        double gap = INFINITY;
        for (int p = 0; p < a.part_count; ++p) {
          for (int q = 0; q < b.part_count; ++q) {
            gap = std::min(gap, widest_gap(a.parts[p], b.parts[q]));
          }
        }
        if (std::abs(gap) < 1e-3) continue;  // what an axis between two tried ones might decide
        ++(gap < 0 ? touching : apart);
        EXPECT_EQ(touch(a, b), gap < 0) << "entities " << i << " and " << j << ", gap " << gap;
      }
    }
  }

  EXPECT_GT(touching, 30);
  EXPECT_GT(apart, 30);
}

TEST(TouchesWall, CountsTheFingersOfTheRobot) {
  Scene scene;
  scene.robot = {0, 0.65, 0};  // looks up; the fingertips are 0.36 ahead of its centre

  const bool up = touches_wall(collision_shape(scene, kRobot));
  scene.robot.angle = M_PI;

  EXPECT_TRUE(up);
  EXPECT_FALSE(touches_wall(collision_shape(scene, kRobot)));
}

TEST(Place, KeepsWithinTheLimitsAndClearOfEverything) {
  Scene scene;
  scene.blocks = {{Shape::kStar, Colour::kRed, {0.5, 0.5, 1}}};
  scene.regions = {{Colour::kBlue, -0.9, 0.3, 0.6, 0.6}};
  const Scene before = scene;
  Random random(1);

  for (int i = 0; i < 200; ++i) {
    scene = before;
    place(scene, {kRegion0, kRobot, kBlock0}, kJitterLimits, random);

    EXPECT_NEAR(scene.robot.x, 0, 0.025);
    EXPECT_NEAR(scene.robot.angle, 0, 0.05 * M_PI);
    EXPECT_NEAR(scene.blocks[0].pose.angle, 1, 0.05 * M_PI);
    EXPECT_NEAR(scene.regions[0].x, -0.9, 0.025);
    EXPECT_FALSE(touch(collision_shape(scene, kRegion0), collision_shape(scene, kRobot)));
  }
}

TEST(Place, WithoutLimitsUsesTheWholeArena) {
  Scene scene;
  Random random(1);
  double farthest = 0;

  for (int i = 0; i < 200; ++i) {
    place(scene, {kRobot}, {}, random);
    farthest = std::max(farthest, std::abs(scene.robot.x));
  }

  EXPECT_GT(farthest, 0.7);
  EXPECT_LT(farthest, 0.8);  // the robot's radius is 0.2
}

TEST(Place, AnIgnoredRegionIsNoObstacle) {
  Scene scene;
  scene.regions = {{Colour::kBlue, -1, 1, 2, 2}};  // the whole arena
  Random random(1);

  EXPECT_NO_THROW(place(scene, {kRobot}, {}, random, {kRegion0}));
  EXPECT_THROW(place(scene, {kRobot}, kJitterLimits, random), std::runtime_error);
}

TEST(JitterSize, KeepsTheCornerAndTheRange) {
  Random random(1);

  for (int i = 0; i < 200; ++i) {
    Region region = {Colour::kBlue, -0.6, 0.3, 0.798, 0.6};
    jitter_size(region, random);
    EXPECT_EQ(region.x, -0.6);
    EXPECT_EQ(region.y, 0.3);
    EXPECT_LE(region.w, 0.8);
    EXPECT_NEAR(region.w, 0.798, 0.0075);
    EXPECT_NEAR(region.h, 0.6, 0.0075);
  }
}

// The least and the greatest of the values that `draw` gives in 3000 calls.
template <typename Draw>
std::pair<double, double> range_of(Draw draw) {
  double low = INFINITY;
  double high = -INFINITY;
  for (int i = 0; i < 3000; ++i) {
    const double value = draw();
    low = std::min(low, value);
    high = std::max(high, value);
  }
  return {low, high};
}

void expect_range(std::pair<double, double> range, double low, double high) {
  const double close = 0.005 * (high - low);
  EXPECT_GE(range.first, low);
  EXPECT_LE(range.first, low + close);
  EXPECT_LE(range.second, high);
  EXPECT_GE(range.second, high - close);
}

constexpr Variation kJitter = {true, false, false, false, false, false};
constexpr Variation kLayout = {false, true, false, false, false, false};

TEST(VaryPoses, FillsTheRangesOfJitter) {
  Random random(1);
  const auto draw = [&] {
    Scene scene;
    vary_poses(scene, {kRobot}, kJitter, random);
    return scene.robot;
  };

  expect_range(range_of([&] { return draw().x; }), -0.025, 0.025);
  expect_range(range_of([&] { return draw().angle; }), -0.1570797, 0.1570797);
}

TEST(VaryPoses, TurnsAnyWayInAFreeLayout) {
  Random random(1);

  expect_range(range_of([&] {
                 Scene scene;
                 vary_poses(scene, {kRobot}, kLayout, random);
                 return scene.robot.angle;
               }),
               -M_PI, M_PI);
}

TEST(VarySizes, FillsTheRangeOfAFreeLayout) {
  Random random(1);
  const auto draw = [&] {
    Scene scene;
    scene.regions = {{Colour::kBlue, -0.9, 0.9, 0.6, 0.6}};
    vary_sizes(scene, kLayout, random);
    return scene.regions[0];
  };

  expect_range(range_of([&] { return draw().w; }), 0.5, 0.8);
  expect_range(range_of([&] { return draw().h; }), 0.5, 0.8);
}

// A block in a region of 0.7 x 0.6 around the origin, whatever its pose before.
Pose drawn_inside(double margin, const Variation& vary, Random& random) {
  Scene scene;
  scene.robot = {-0.7, -0.7, 0.8};
  scene.regions = {{Colour::kBlue, -0.35, 0.3, 0.7, 0.6}};
  scene.blocks = {{Shape::kSquare, Colour::kRed, {0.2, 0.2, 1}}};
  vary_poses_inside(scene, {{0, 0}}, margin, vary, random);
  return scene.blocks[0].pose;
}

// The shorter side is 0.6: 0.3 - 0.06 = 0.24 on either side of the centre.
TEST(VaryPosesInside, KeepsTheMarginOfTheShorterSide) {
  Random random(1);

  expect_range(range_of([&] { return drawn_inside(0.06, kLayout, random).x; }), -0.24, 0.24);
  expect_range(range_of([&] { return drawn_inside(0.06, kLayout, random).y; }), -0.24, 0.24);
}

TEST(VaryPosesInside, JittersAroundTheCentreAndTheOldAngle) {
  Random random(1);

  expect_range(range_of([&] { return drawn_inside(0.06, kJitter, random).x; }), -0.025, 0.025);
  expect_range(range_of([&] { return drawn_inside(0.06, kJitter, random).angle; }), 1 - 0.1570797,
               1 + 0.1570797);
}

TEST(VaryPosesInside, StaysAtTheCentreWithoutRoom) {
  Random random(1);

  const Pose pose = drawn_inside(0.5, kLayout, random);

  EXPECT_NEAR(pose.x, 0, 1e-12);
  EXPECT_NEAR(pose.y, 0, 1e-12);
}

TEST(JitterPoses, MovesABlockInARegionWithIt) {
  Scene scene;
  scene.robot = {0.6, 0.6, 0};
  scene.regions = {{Colour::kRed, -0.5, 0, 0.5, 0.5}};
  scene.blocks = {{Shape::kSquare, Colour::kRed, {-0.3, -0.2, 0}},
                  {Shape::kSquare, Colour::kBlue, {0.5, -0.5, 0}}};
  const Scene before = scene;
  Random random(0);

  jitter_poses(scene, {0.05, 0.1}, random);

  const double dx = scene.regions[0].x - before.regions[0].x;
  const double dy = scene.regions[0].y - before.regions[0].y;
  EXPECT_NE(dx, 0);
  EXPECT_LE(std::abs(dx), 0.05);
  EXPECT_NEAR(scene.blocks[0].pose.x, before.blocks[0].pose.x + dx, 0.05);
  EXPECT_NEAR(scene.blocks[0].pose.y, before.blocks[0].pose.y + dy, 0.05);
  EXPECT_NE(scene.blocks[1].pose.x, before.blocks[1].pose.x);
  EXPECT_NEAR(scene.blocks[1].pose.x, before.blocks[1].pose.x, 0.05);
  EXPECT_NEAR(scene.robot.angle, before.robot.angle, 0.1);
}

}  // namespace
}  // namespace mint::envs
