// Shapes of blocks and robot against the numbers of sections 4, 5 and 7 of the MAGICAL page.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "envs/block_geometry.h"
#include "envs/robot_geometry.h"

namespace mint::envs {
namespace {

void expect_near(const Vec2& actual, const Vec2& expected) {
  EXPECT_NEAR(actual.x, expected.x, 1e-9);
  EXPECT_NEAR(actual.y, expected.y, 1e-9);
}

TEST(BlockGeometry, RegularPolygonsHaveTheirCircumradius) {
  expect_near(block_outer(Shape::kPentagon)[0], {0, 0.1379377111});
  EXPECT_NEAR(block_outer(Shape::kHexagon)[0].y, 0.1319563333, 1e-9);
  EXPECT_NEAR(block_outer(Shape::kOctagon)[0].y, 0.1264688838, 1e-9);
  EXPECT_NEAR(block_outer(Shape::kTriangle)[0].y, 0.1492915489, 1e-9);
}

TEST(BlockGeometry, TheSquareIsDrawnWithoutItsRoundingButCollidesWithIt) {
  expect_near(block_outer(Shape::kSquare)[0], {-0.2126944621 / 2, -0.2126944621 / 2});
  expect_near(block_inner(Shape::kSquare)[2], {0.1826944621 / 2, 0.1826944621 / 2});
  EXPECT_NEAR(block_parts(Shape::kSquare)[0][2].x, 0.2126944621 / 2 + 0.0021269446, 1e-9);
}

TEST(BlockGeometry, TheStarIsFiveKitesThatTouchTheCentre) {
  const auto kites = block_parts(Shape::kStar);

  ASSERT_EQ(kites.size(), 5u);
  for (const Polygon& kite : kites) {
    ASSERT_EQ(kite.size(), 4u);
    expect_near(kite[0], {0, 0});
    EXPECT_NEAR(length(kite[1]), 0.078, 1e-9);
    EXPECT_NEAR(length(kite[2]), 0.156, 1e-9);
    EXPECT_GT(cross(kite[1], kite[2]), 0);  // counter-clockwise
  }
  EXPECT_NEAR(block_inner(Shape::kStar)[0].y, 0.141, 1e-9);
  EXPECT_NEAR(length(block_inner(Shape::kStar)[1]), 0.063, 1e-9);
}

TEST(BlockGeometry, TheInnerPentagonHasItsApothemReducedByTheOutline) {
  const double apothem = 0.1379377111 * std::cos(M_PI / 5);

  EXPECT_NEAR(block_inner(Shape::kPentagon)[0].y * std::cos(M_PI / 5), apothem - 0.015, 1e-9);
}

TEST(BlockGeometry, CirclesAreDrawnWithAHundredCornersAndCollideAsCircles) {
  EXPECT_EQ(block_outer(Shape::kCircle).size(), 100u);
  expect_near(block_outer(Shape::kCircle)[0], {0.12, 0});
  expect_near(block_inner(Shape::kCircle)[0], {0.105, 0});
  EXPECT_TRUE(block_parts(Shape::kCircle).empty());
}

TEST(RobotGeometry, TheLeftForearmHasThePagesCorners) {
  const Polygon forearm = finger_outer(kLeft)[1];
  const auto has_corner = [&](Vec2 expected) {
    return std::any_of(forearm.begin(), forearm.end(),
                       [&](const Vec2& v) { return length(v - expected) < 1e-9; });
  };

  EXPECT_TRUE(has_corner({0.0747696572, 0.3302089629}));
  EXPECT_TRUE(has_corner({0.0285756805, 0.3493431346}));
  EXPECT_TRUE(has_corner({-0.025, 0.22}));
  EXPECT_TRUE(has_corner({0.0211939766, 0.2008658284}));
}

TEST(RobotGeometry, TheRightFingerMirrorsTheLeft) {
  for (const int quad : {0, 1}) {
    const Polygon left = finger_outer(kLeft)[quad];
    const Polygon right = finger_outer(kRight)[quad];
    for (const Vec2& v : left) {
      EXPECT_TRUE(std::any_of(right.begin(), right.end(), [&](const Vec2& w) {
        return length(w - Vec2{-v.x, v.y}) < 1e-9;
      }));
    }
  }
}

}  // namespace
}  // namespace mint::envs
