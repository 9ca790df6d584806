#include "envs/collisions_draw.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/error_of.h"

namespace mint::envs {
namespace {

struct Picture {
  Image image;
  InstanceImage ids;
};

Picture draw(const std::vector<Solid>& solids, const std::vector<Pose>& poses) {
  std::vector<SolidState> states;
  for (const Pose& pose : poses) states.push_back({pose, 0, 0, 0});
  Picture picture;
  CollisionsPainter(CollisionsCamera{}).draw(solids, states, picture.image, picture.ids);
  return picture;
}

Solid solid(SolidShape shape, SolidColour colour = SolidColour::kRed,
            SolidMaterial material = SolidMaterial::kRubber) {
  return {shape, material, colour, 0.25};
}

int64_t area(const InstanceImage& ids, int id) {
  return std::count(ids.ids.begin(), ids.ids.end(), id);
}

int brightness(const Image& image, int column, int row) {
  const size_t at = 3 * (static_cast<size_t>(row) * image.width + column);
  return image.rgb[at] + image.rgb[at + 1] + image.rgb[at + 2];
}

constexpr SolidShape kShapes[] = {SolidShape::kSphere, SolidShape::kCube, SolidShape::kCylinder};

TEST(CollisionsPainter, DrawsABallWhereAndAsLargeAsPerspectiveSays) {
  const CollisionsCamera camera;
  const Picture picture = draw({solid(SolidShape::kSphere)}, {{0.4, 0.3, 0}});

  double columns = 0, rows = 0;
  for (int row = 0; row < 320; ++row) {
    for (int column = 0; column < 480; ++column) {
      if (picture.ids.ids[row * 480 + column] != 1) continue;
      columns += column + 0.5;
      rows += row + 0.5;
    }
  }
  const auto pixels = static_cast<double>(area(picture.ids, 1));
  const Projection seen = project(camera, {0.4, 0.3, 0.25});
  const double radius_px = camera.focal_px * 0.25 / seen.depth;
  EXPECT_NEAR(columns / pixels, seen.column, 0.5);
  EXPECT_NEAR(rows / pixels, seen.row, 0.5);
  EXPECT_NEAR(pixels, M_PI * radius_px * radius_px, 0.02 * pixels);
}

TEST(CollisionsPainter, PutsEveryPixelOfASolidIntoItsProjectedOutline) {
  const CollisionsCamera camera;
  const Solid cube = solid(SolidShape::kCube);
  const Pose pose{-0.7, 0.5, 0.3};
  const Picture picture = draw({cube}, {pose});

  double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
  for (const Vec2 corner : to_world(pose, top_view(cube))) {
    for (const double z : {0.0, height(cube)}) {
      const Projection seen = project(camera, {corner.x, corner.y, z});
      left = std::min(left, seen.column);
      right = std::max(right, seen.column);
      top = std::min(top, seen.row);
      bottom = std::max(bottom, seen.row);
    }
  }
  int first_column = 480, last_column = -1, first_row = 320, last_row = -1;
  for (int i = 0; i < 480 * 320; ++i) {
    if (picture.ids.ids[i] != 1) continue;
    first_column = std::min(first_column, i % 480);
    last_column = std::max(last_column, i % 480);
    first_row = std::min(first_row, i / 480);
    last_row = std::max(last_row, i / 480);
  }
  EXPECT_NEAR(first_column, left, 2);
  EXPECT_NEAR(last_column + 1, right, 2);
  EXPECT_NEAR(first_row, top, 2);
  EXPECT_NEAR(last_row + 1, bottom, 2);
}

TEST(CollisionsPainter, ChangesTheGroundOnlyAroundSolids) {
  const Picture empty = draw({}, {});
  for (const SolidShape shape : kShapes) {
    const Picture one = draw({solid(shape)}, {{0, 0, 0.4}});

    int64_t unchanged_inside = 0, changed_far = 0;
    for (int i = 0; i < 480 * 320; ++i) {
      const bool is_changed =
          !std::equal(&one.image.rgb[3 * i], &one.image.rgb[3 * i] + 3, &empty.image.rgb[3 * i]);
      const bool is_far = std::hypot(i % 480 - 240, i / 480 - 160) > 110;
      unchanged_inside += one.ids.ids[i] == 1 && !is_changed;
      changed_far += is_far && is_changed;
    }
    EXPECT_EQ(unchanged_inside, 0);
    EXPECT_EQ(changed_far, 0);
  }
}

TEST(CollisionsPainter, ThrowsAShadowAwayFromTheLamp) {
  for (const SolidShape shape : kShapes) {
    const Picture picture = draw({solid(shape)}, {{0, 0, 0}});

    // The lamp is on the left, so the ground beside the foot is darker on the right.
    EXPECT_LT(brightness(picture.image, 240 + 27, 158), brightness(picture.image, 240 - 27, 158));
  }
}

TEST(CollisionsPainter, ShowsTheNearerOfTwoSolids) {
  const std::vector<Solid> both = {solid(SolidShape::kSphere),
                                   solid(SolidShape::kCube, SolidColour::kBlue)};
  const Picture alone = draw({both[0]}, {{0, 0, 0}});
  const Picture hidden = draw(both, {{0, 0, 0}, {0, -0.5, 0}});
  const Picture in_front = draw(both, {{0, 0, 0}, {0, 0.5, 0}});

  EXPECT_LT(area(hidden.ids, 1), area(alone.ids, 1) - 100);
  EXPECT_EQ(area(in_front.ids, 1), area(alone.ids, 1));
  EXPECT_GT(area(in_front.ids, 2), 0);
}

TEST(CollisionsPainter, CutsSolidsAtTheBorderAndLeavesOutThoseBeyond) {
  const CollisionsCamera camera;
  const Vec2 border = ground_point(camera, 0, 160);
  for (const SolidShape shape : kShapes) {
    const int64_t whole = area(draw({solid(shape)}, {{0, 0, 0}}).ids, 1);

    const int64_t cut = area(draw({solid(shape)}, {{border.x, border.y, 0}}).ids, 1);
    const Picture beyond = draw({solid(shape)}, {{border.x - 0.8, border.y, 0}});
    const Picture behind = draw({solid(shape)}, {{0, -9, 0}});

    EXPECT_GT(cut, whole / 4);
    EXPECT_LT(cut, 3 * whole / 4);
    EXPECT_EQ(area(beyond.ids, 1), 0);
    EXPECT_EQ(area(behind.ids, 1), 0);
  }
}

TEST(CollisionsPainter, SmoothsOutlines) {
  const Picture empty = draw({}, {});
  const Picture picture = draw({solid(SolidShape::kSphere, SolidColour::kYellow)}, {{0, 0, 0}});

  // Down the left outline the blue channel lies between that of the ball and of the ground.
  int between = 0;
  for (int row = 120; row < 175; ++row) {
    for (int column = 210; column < 240; ++column) {
      const size_t at = static_cast<size_t>(row) * 480 + column;
      const int value = picture.image.rgb[3 * at + 2], ground = empty.image.rgb[3 * at + 2];
      const bool is_edge = picture.ids.ids[at] == 1 && picture.ids.ids[at - 1] == 0;
      between += is_edge && value > 65 && value < ground - 5;
    }
  }
  EXPECT_GT(between, 8);
}

TEST(CollisionsPainter, GivesMetalTheBrighterHighlight) {
  std::array<int, 2> brightest{};
  for (const SolidMaterial material : {SolidMaterial::kMetal, SolidMaterial::kRubber}) {
    const Picture picture =
        draw({solid(SolidShape::kSphere, SolidColour::kBlue, material)}, {{0, 0, 0}});
    for (int i = 0; i < 480 * 320; ++i) {
      if (picture.ids.ids[i] != 1) continue;
      int& value = brightest[static_cast<int>(material)];
      value = std::max(value, brightness(picture.image, i % 480, i / 480));
    }
  }
  EXPECT_GT(brightest[static_cast<int>(SolidMaterial::kMetal)],
            brightest[static_cast<int>(SolidMaterial::kRubber)] + 100);
}

TEST(CollisionsPainter, DrawsTheSameWhateverWasDrawnBefore) {
  const CollisionsVideo video = simulate_collisions({}, 3);
  CollisionsPainter used(CollisionsCamera{}), fresh(CollisionsCamera{});
  Picture first, second;
  for (const int frame : {0, 60, 100})
    used.draw(video.solids, video.frames[frame], first.image, first.ids);

  fresh.draw(video.solids, video.frames[100], second.image, second.ids);

  EXPECT_EQ(first.image.rgb, second.image.rgb);
  EXPECT_EQ(first.ids.ids, second.ids.ids);
}

TEST(CollisionsPainter, RefusesAnotherNumberOfStates) {
  const auto wrong = [] { draw({solid(SolidShape::kCube)}, {}); };

  EXPECT_NE(tests::error_of(wrong).find("expected one for each of 1 solids"), std::string::npos);
}

}  // namespace
}  // namespace mint::envs
