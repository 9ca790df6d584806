// The fast way to 96 x 96 against the plain one: paint() on a canvas, then downsample().
#include "envs/reduced_drawing.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/draw.h"
#include "envs/env.h"
#include "envs/random.h"

namespace mint::envs {
namespace {

constexpr size_t kFullBytes = 3 * kFullSize_px * kFullSize_px;
constexpr size_t kSmallPixels = kObservationSize_px * kObservationSize_px;

struct Reduced {
  std::vector<uint8_t> rgb = std::vector<uint8_t>(3 * kSmallPixels, 77);
  std::vector<uint8_t> ids = std::vector<uint8_t>(kSmallPixels, 77);
};

Reduced plain(const Drawing& drawing, const std::vector<uint8_t>& backdrop) {
  std::vector<uint8_t> rgb = backdrop;
  InstanceImage ids = {kFullSize_px, kFullSize_px,
                       std::vector<uint8_t>(kFullSize_px * kFullSize_px)};
  paint(drawing, {kFullSize_px, kFullSize_px, rgb.data(), ids.ids.data()});
  Reduced reduced;
  downsample(rgb.data(), reduced.rgb.data());
  reduced.ids = downsample(ids).ids;
  return reduced;
}

Reduced fast(const Drawing& drawing, const std::vector<uint8_t>& backdrop) {
  Reduced reduced;
  paint_reduced(drawing, Backdrop(backdrop), reduced.rgb.data(), reduced.ids.data());
  return reduced;
}

std::vector<uint8_t> noise() {
  std::vector<uint8_t> rgb(kFullBytes);
  for (size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<uint8_t>((i * 2654435761u) >> 24);
  return rgb;
}

Paint random_paint(Random& random) {
  Paint paint;
  paint.colour.r = static_cast<uint8_t>(random.below(256));
  paint.colour.g = static_cast<uint8_t>(random.below(256));
  paint.colour.b = static_cast<uint8_t>(random.below(256));
  paint.id = static_cast<uint8_t>(random.below(256));
  return paint;
}

Vec2 random_point(Random& random) {
  const double x = random.uniform(-60, 450);
  const double y = random.uniform(-60, 450);
  return {x, y};
}

// Polygons that cross themselves, so with several spans in a row, slivers, lines and dashes.
Drawing random_drawing(Random& random) {
  Drawing drawing;
  for (int i = 0; i < 12; ++i) {
    Polygon corners;
    const int count = 3 + random.below(4);
    for (int k = 0; k < count; ++k) corners.push_back(random_point(random));
    if (random.below(3) == 0) corners[1] = corners[0] + Vec2{5, 1};
    fill_polygon(drawing, corners.data(), count, random_paint(random));
    Segment segment;
    segment.from = random_point(random);
    segment.to = random_point(random);
    if (random.below(4) == 0) segment.to.x = segment.from.x;
    if (random.below(4) == 0) segment.to.y = segment.from.y;
    const double width = random.uniform(0.5, 9);
    draw_line(drawing, segment, width, random_paint(random));
    const Segment turned = {random_point(random), segment.from};
    draw_dashed_line(drawing, turned, 2.5, 3, random_paint(random));
  }
  return drawing;
}

TEST(PaintReduced, WithoutStrokesIsTheBackdrop) {
  const Reduced reduced = fast({}, noise());

  EXPECT_EQ(reduced.rgb, plain({}, noise()).rgb);
  EXPECT_EQ(reduced.ids, std::vector<uint8_t>(kSmallPixels, 0));
}

TEST(PaintReduced, EqualsPaintingInFullAndReducingThat) {
  const std::vector<uint8_t> even(kFullBytes, 200);
  const std::vector<uint8_t> uneven = noise();
  Random random(5);
  for (int i = 0; i < 60; ++i) {
    const Drawing drawing = random_drawing(random);
    const std::vector<uint8_t>& backdrop = i % 2 == 0 ? even : uneven;

    const Reduced expected = plain(drawing, backdrop);
    const Reduced reduced = fast(drawing, backdrop);

    ASSERT_EQ(reduced.rgb, expected.rgb) << i;
    ASSERT_EQ(reduced.ids, expected.ids) << i;
  }
}

// One pixel more or less of a wide fill on each side, so blocks are whole, cut or left out.
TEST(PaintReduced, FillsThatEndAnywhereInABlockEqualThePlainOnes) {
  const std::vector<uint8_t> backdrop = noise();
  for (int first = 40; first < 46; ++first) {
    for (int length = 1; length < 15; ++length) {
      Drawing drawing;
      const Polygon bar = rectangle(first, first + 3, first + length, first + 3 + length);
      fill_polygon(drawing, bar.data(), 4, {{10, 20, 30}, 4});

      EXPECT_EQ(fast(drawing, backdrop).rgb, plain(drawing, backdrop).rgb)
          << first << " " << length;
    }
  }
}

// Moves everything somewhere else: beyond walls and into corners, too.
void scatter(State& state, Random& random) {
  const auto place = [&](Pose& pose) {
    pose.x = random.uniform(-1.3, 1.3);
    pose.y = random.uniform(-1.3, 1.3);
    pose.angle = random.uniform(-9, 9);
  };
  place(state.robot.pose);
  for (BodyState& finger : state.fingers) place(finger.pose);
  for (BodyState& block : state.blocks) place(block.pose);
}

TEST(DrawObservation, EqualsDrawingInFullAndReducingThatForAllTasksAndVariants) {
  Random random(7);
  for (const TaskSpec& task : tasks()) {
    for (const std::string& variant : task.variants) {
      Env env(task.name, variant);
      env.reset(random.bits());
      State state = env.state();
      for (int i = 0; i < 3; ++i) {
        for (const Camera camera : {Camera::kAllocentric, Camera::kEgocentric}) {
          Image image;
          InstanceImage full_ids;
          Reduced expected;
          Reduced reduced;
          Reduced unmasked;

          draw(env.scene(), state, camera, image, &full_ids);
          downsample(image, expected.rgb.data());
          expected.ids = downsample(full_ids).ids;
          draw_observation(env.scene(), state, camera, reduced.rgb.data(), reduced.ids.data());
          draw_observation(env.scene(), state, camera, unmasked.rgb.data());

          ASSERT_EQ(reduced.rgb, expected.rgb) << task.name << " " << variant;
          ASSERT_EQ(reduced.ids, expected.ids) << task.name << " " << variant;
          ASSERT_EQ(unmasked.rgb, expected.rgb) << task.name << " " << variant;
        }
        scatter(state, random);
      }
    }
  }
}

TEST(DrawObservation, WildPosesAreDrawnAsInFull) {
  Env env("MatchRegions", "Demo");
  env.reset(0);
  for (const double wild :
       {1e300, -1e300, static_cast<double>(NAN), static_cast<double>(INFINITY)}) {
    State state = env.state();
    state.robot.pose.x = wild;
    state.blocks[0].pose.y = wild;
    state.fingers[0].pose.angle = wild;
    for (const Camera camera : {Camera::kAllocentric, Camera::kEgocentric}) {
      Image image;
      Reduced expected;
      Reduced reduced;

      draw(env.scene(), state, camera, image);
      downsample(image, expected.rgb.data());
      draw_observation(env.scene(), state, camera, reduced.rgb.data());

      EXPECT_EQ(reduced.rgb, expected.rgb) << wild;
    }
  }
}

TEST(WinningId, IsTheMostFrequentAndTheLargerOnATie) {
  EXPECT_EQ(winning_id({3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0}), 3);
  EXPECT_EQ(winning_id({0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2}), 2);
  EXPECT_EQ(winning_id({5, 5, 5, 5, 5, 5, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0}), 9);
}

}  // namespace
}  // namespace mint::envs
