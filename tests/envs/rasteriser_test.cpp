#include "envs/rasteriser.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace mint::envs {
namespace {

// A black canvas with ids.
struct Sheet {
  int width;
  int height;
  std::vector<uint8_t> rgb = std::vector<uint8_t>(3 * width * height);
  std::vector<uint8_t> ids = std::vector<uint8_t>(width * height);

  Drawing drawing() const {
    Drawing drawing;
    drawing.width = width;
    drawing.height = height;
    return drawing;
  }
  void show(const Drawing& drawing) { paint(drawing, {width, height, rgb.data(), ids.data()}); }
  int id(int x, int y) const { return ids[y * width + x]; }
  int red(int x, int y) const { return rgb[3 * (y * width + x)]; }
  int painted() const {
    return static_cast<int>(ids.size() - std::count(ids.begin(), ids.end(), 0));
  }
};

constexpr Paint kPaint = {{200, 100, 50}, 7};

void fill(Sheet& sheet, const Polygon& polygon, Paint paint = kPaint) {
  Drawing drawing = sheet.drawing();
  fill_polygon(drawing, polygon.data(), static_cast<int>(polygon.size()), paint);
  sheet.show(drawing);
}

void line(Sheet& sheet, Segment segment, double width, Paint paint) {
  Drawing drawing = sheet.drawing();
  draw_line(drawing, segment, width, paint);
  sheet.show(drawing);
}

float dashes(Sheet& sheet, Segment segment, double width, float phase, Paint paint) {
  Drawing drawing = sheet.drawing();
  const float end = draw_dashed_line(drawing, segment, width, phase, paint);
  sheet.show(drawing);
  return end;
}

TEST(FillPolygon, TakesThePixelsWhoseCentreIsInside) {
  Sheet sheet{8, 8};

  fill(sheet, rectangle(1.4, 2.6, 3.6, 4.4));  // centres 1.5, 2.5, 3.5 by 3.5 (from below)

  EXPECT_EQ(sheet.painted(), 3);
  for (int x = 1; x <= 3; ++x) EXPECT_EQ(sheet.id(x, 7 - 3), 7);
  EXPECT_EQ(sheet.red(1, 4), 200);
  EXPECT_EQ(sheet.rgb[3 * (4 * 8 + 1) + 1], 100);
  EXPECT_EQ(sheet.rgb[3 * (4 * 8 + 1) + 2], 50);
}

TEST(FillPolygon, ACentreOnTheLeftOrLowerEdgeIsInsideAndOnTheOthersNot) {
  Sheet sheet{8, 8};

  fill(sheet, rectangle(1.5, 1.5, 3.5, 3.5));

  EXPECT_EQ(sheet.painted(), 4);
  EXPECT_EQ(sheet.id(1, 7 - 1), 7);
  EXPECT_EQ(sheet.id(2, 7 - 2), 7);
}

TEST(FillPolygon, OrientationDoesNotMatter) {
  Sheet one{16, 16};
  Sheet two{16, 16};
  Polygon star = {{8, 15}, {6, 9}, {1, 8}, {6, 6}, {8, 1}, {10, 6}, {15, 8}, {10, 9}};

  fill(one, star);
  std::reverse(star.begin(), star.end());
  fill(two, star);

  EXPECT_EQ(one.ids, two.ids);
  EXPECT_EQ(one.id(3, 2), 0);  // in a notch of the star
  EXPECT_GT(one.painted(), 40);
}

TEST(FillPolygon, PolygonsThatShareAnEdgeShareNoPixelAndLeaveNoGap) {
  Sheet upper{16, 16};
  Sheet lower{16, 16};

  fill(upper, {{0, 0}, {16, 13.7}, {0, 16}});
  fill(lower, {{0, 0}, {16, 0}, {16, 13.7}});

  for (size_t i = 0; i < upper.ids.size(); ++i) EXPECT_FALSE(upper.ids[i] && lower.ids[i]);
  Sheet both{16, 16};
  fill(both, {{0, 0}, {16, 0}, {16, 13.7}, {0, 16}});
  EXPECT_EQ(upper.painted() + lower.painted(), both.painted());
}

TEST(FillPolygon, FillsBetweenEverySecondCrossing) {
  Sheet sheet{16, 8};

  fill(sheet, {{0, 0}, {16, 0}, {16, 8}, {12, 8}, {12, 2}, {9, 2}, {9, 8}, {4, 8}, {4, 2}, {0, 2}});

  for (const int x : {4, 8, 12, 15}) EXPECT_EQ(sheet.id(x, 0), 7) << x;
  for (const int x : {0, 3, 9, 11}) EXPECT_EQ(sheet.id(x, 0), 0) << x;
  for (const int x : {0, 3, 9, 15}) EXPECT_EQ(sheet.id(x, 7), 7) << x;
}

TEST(FillPolygon, ClipsToTheCanvas) {
  Sheet sheet{8, 8};

  fill(sheet, rectangle(-1e9, -5, 2, 1e300));
  EXPECT_EQ(sheet.painted(), 16);
  fill(sheet, rectangle(20, 20, 30, 30));
  EXPECT_EQ(sheet.painted(), 16);
}

// Width 2.5: coverage is clamp(1.75 - d_n) * clamp(l / 2 + 0.5 - d_t).
TEST(DrawLine, CoverageFallsOffOverOnePixel) {
  Sheet sheet{16, 8};

  line(sheet, {{4, 4}, {12, 4}}, 2.5, {{200, 200, 200}, 3});

  // d_n = 0.5, 1.5, 2.5 for the rows with centres 4.5, 5.5, 6.5.
  EXPECT_EQ(sheet.red(8, 7 - 4), 200);
  EXPECT_EQ(sheet.red(8, 7 - 5), 50);
  EXPECT_EQ(sheet.red(8, 7 - 6), 0);
  // d_t = 3.5, 4.5 for the columns with centres 11.5, 12.5: full and none.
  EXPECT_EQ(sheet.red(11, 7 - 4), 200);
  EXPECT_EQ(sheet.red(12, 7 - 4), 0);
  EXPECT_EQ(sheet.red(3, 7 - 4), 0);
  // Half coverage decides the id.
  EXPECT_EQ(sheet.id(8, 7 - 4), 3);
  EXPECT_EQ(sheet.id(8, 7 - 5), 0);
}

TEST(DrawLine, AnObliqueLineFollowsTheSameRule) {
  Sheet sheet{16, 16};

  line(sheet, {{2, 3}, {14, 12}}, 1, {{200, 200, 200}, 3});

  // Direction (0.8, 0.6), normal (-0.6, 0.8), midpoint (8, 7.5). Centre (8.5, 8.5): d_n = 0.5.
  EXPECT_EQ(sheet.red(8, 15 - 8), 100);
  EXPECT_EQ(sheet.id(8, 15 - 8), 3);
  // Centre (8.5, 7.5): d_n = 0.3, coverage 0.7.
  EXPECT_EQ(sheet.red(8, 15 - 7), 140);
}

// (-9, 1) to (7, 9) enters the canvas at (0, 5.5).
TEST(DrawLine, IsClippedToTheCanvasFirst) {
  Sheet whole{16, 16};
  Sheet clipped{16, 16};

  line(whole, {{-9, 1}, {7, 9}}, 1, {{200, 200, 200}, 3});
  line(clipped, {{0, 5.5}, {7, 9}}, 1, {{200, 200, 200}, 3});

  EXPECT_EQ(whole.rgb, clipped.rgb);
}

TEST(PaintDrawing, LaterStrokesCoverEarlierOnes) {
  Sheet sheet{8, 8};
  Drawing drawing = sheet.drawing();
  const Polygon all = rectangle(0, 0, 8, 8);
  const Polygon left = rectangle(0, 0, 4, 8);

  fill_polygon(drawing, all.data(), 4, {{9, 9, 9}, 1});
  draw_line(drawing, {{0, 4.5}, {8, 4.5}}, 2, {{60, 60, 60}, 2});
  fill_polygon(drawing, left.data(), 4, {{200, 0, 0}, 3});
  sheet.show(drawing);

  EXPECT_EQ(sheet.red(6, 0), 9);
  EXPECT_EQ(sheet.red(6, 3), 60);
  EXPECT_EQ(sheet.red(2, 3), 200);
  EXPECT_EQ(sheet.id(6, 3), 2);
  EXPECT_EQ(sheet.id(2, 3), 3);
}

TEST(PaintDrawing, RefusesACanvasOfAnotherSize) {
  Sheet sheet{8, 8};

  EXPECT_THROW(sheet.show(Drawing{}), std::invalid_argument);
}

TEST(ClipSegment, KeepsThePartInside) {
  const auto inside = clip_segment({{-2, 4}, {6, 4}}, 8, 8);

  ASSERT_TRUE(inside);
  EXPECT_DOUBLE_EQ(inside->from.x, 0);
  EXPECT_DOUBLE_EQ(inside->to.x, 6);
  EXPECT_FALSE(clip_segment({{-2, 9}, {6, 9}}, 8, 8));
  EXPECT_FALSE(clip_segment({{9, -3}, {9, 12}}, 8, 8));
}

// 8 on, 8 off, from phase 0; 40 px of length: on 0-8, 16-24, 32-40.
TEST(DrawDashedLine, RunsOfEightAreOnAndOff) {
  Sheet sheet{64, 8};

  const float phase = dashes(sheet, {{4, 4}, {44, 4}}, 2.5, 0, kPaint);

  EXPECT_FLOAT_EQ(phase, 40);
  for (const int x : {4, 11, 20, 27, 36, 43}) EXPECT_EQ(sheet.id(x, 3), 7) << x;
  for (const int x : {3, 12, 19, 28, 35, 44}) EXPECT_EQ(sheet.id(x, 3), 0) << x;
}

TEST(DrawDashedLine, ThePhaseCarriesOnWithItsFractionDropped) {
  Sheet sheet{64, 8};

  dashes(sheet, {{4, 4}, {44, 4}}, 2.5, 5.9f, kPaint);  // 3 left of the dash

  for (const int x : {4, 6, 15, 22}) EXPECT_EQ(sheet.id(x, 3), 7) << x;
  for (const int x : {7, 14, 23}) EXPECT_EQ(sheet.id(x, 3), 0) << x;
}

TEST(DrawDashedLine, OnlyTheVisiblePartCounts) {
  Sheet sheet{16, 8};

  EXPECT_FLOAT_EQ(dashes(sheet, {{-20, 4}, {10, 4}}, 2.5, 3, kPaint), 13);
  EXPECT_EQ(sheet.id(0, 3), 7);
  EXPECT_EQ(sheet.id(4, 3), 7);
  EXPECT_EQ(sheet.id(5, 3), 0);
  EXPECT_FLOAT_EQ(dashes(sheet, {{-20, 9}, {10, 9}}, 2.5, 3, kPaint), 3);
}

}  // namespace
}  // namespace mint::envs
