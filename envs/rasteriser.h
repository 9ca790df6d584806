// Polygons and anti-aliased lines by the rules of section 7 of the MAGICAL page. Knows nothing of
// tasks; envs/draw.cpp turns scenes into drawings.
//
// A Drawing is a picture before it has pixels: what to fill in each row, in painter's order. It is
// painted either onto a canvas of its own size (here) or straight at a quarter of it
// (envs/reduced_drawing.h); both take the pixels from the same rows.
//
// Window coordinates are in pixels, x right and y *up*, (0, 0) = lower left corner of the window;
// the pixel in row r from the top and column c has its centre at (c + 0.5, height - 1 - r + 0.5).
// Whatever lies outside the window is clipped away; NaN coordinates draw nothing of consequence.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "envs/geometry.h"

namespace mint::envs {

inline constexpr int kMaxCanvas_px = 384;  // largest width and height of a drawing

struct Rgb {
  uint8_t r = 0;
  uint8_t g = 0;
  uint8_t b = 0;
};

// What a drawing call leaves behind: a colour and the id of the entity that it belongs to.
struct Paint {
  Rgb colour;
  uint8_t id = 0;
};

// Borrowed buffers to paint on; rows from the top, without padding.
struct Canvas {
  int width = 0;           // 1..kMaxCanvas_px
  int height = 0;          // 1..kMaxCanvas_px
  uint8_t* rgb = nullptr;  // [height, width, 3]
  uint8_t* ids = nullptr;  // [height, width], or null
};

struct Segment {
  Vec2 from;
  Vec2 to;
};

// Columns [first, last); empty when first >= last.
struct Span {
  int16_t first = 0;
  int16_t last = 0;
};

// The first pixel whose centre is at or beyond coordinate `v`, within [0, limit]; 0 for NaN.
inline int first_pixel(double v, int limit) {
  v = std::min(std::max(0.0, v - 0.5), static_cast<double>(limit));
  const int below = static_cast<int>(v);
  return below + (below < v);
}

// The pixels whose centres lie in [from, to).
inline Span span_between(double from, double to, int limit) {
  return {static_cast<int16_t>(first_pixel(from, limit)),
          static_cast<int16_t>(first_pixel(to, limit))};
}

// A filled polygon or a line, in rows [first_row, last_row) counted from the top.
struct Stroke {
  Paint paint;
  bool is_line = false;
  int16_t first_row = 0;
  int16_t last_row = 0;
  int16_t spans_per_row = 0;  // of a polygon: 1 if it is convex
  int start = 0;  // of a polygon: its first span in Drawing::spans; of a line: its place
                  // in Drawing::lines
};

// A visible line, ready to tell each pixel's coverage.
struct Line {
  Vec2 middle;
  Vec2 along;               // unit vector
  double reach_across = 0;  // half the width and half a pixel
  double reach_along = 0;   // half the length and half a pixel
  // A row at height y over the middle crosses the line within `half_across` of across_slope * y and
  // what is not beyond its ends within `half_along` of along_slope * y (all px).
  double across_slope = 0;
  double half_across = 0;
  double along_slope = 0;
  double half_along = 0;
};

// Values only: a drawing can be copied, and cleared to be used again without allocation.
struct Drawing {
  int width = kMaxCanvas_px;    // 1..kMaxCanvas_px
  int height = kMaxCanvas_px;   // 1..kMaxCanvas_px
  std::vector<Stroke> strokes;  // first painted first
  std::vector<Span> spans;
  std::vector<Line> lines;

  void clear();
};

// Fills the pixels whose centre is inside a simple polygon, not necessarily convex; either
// orientation. A centre on an edge is inside when the polygon lies to its right or above it, so
// polygons that share an edge share no pixel. At most 128 corners, and at most eight crossings of a
// row with the polygon.
void fill_polygon(Drawing& drawing, const Vec2* corners, int count, Paint paint);

// An anti-aliased segment of the given width (px): a pixel centre at distance d_n from the line and
// d_t along it from the midpoint is covered by clamp(width / 2 + 0.5 - d_n, 0, 1) *
// clamp(length / 2 + 0.5 - d_t, 0, 1) and blended accordingly. Ids change where it is >= 0.5. The
// segment is clipped to the window before all this (as the original does: the page does not say so,
// but it halves the pixels that differ in egocentric frames).
void draw_line(Drawing& drawing, Segment segment, double width, Paint paint);

// The part of a segment inside [0, width] x [0, height], if any.
std::optional<Segment> clip_segment(Segment segment, double width, double height);

// Dashes of 8 px on, 8 px off, by the original's counter: `phase` is its value at the start of the
// segment, the return value that at the end; it advances by the visible length only.
float draw_dashed_line(Drawing& drawing, Segment segment, double width, float phase, Paint paint);

// The counter's advance alone, without drawing.
float advance_dash_phase(Segment segment, double window_width, double window_height, float phase);

// Paints everything over what stands on the canvas. Throws std::invalid_argument unless it has the
// drawing's size.
void paint(const Drawing& drawing, const Canvas& canvas);

// The columns of a row in which a line may cover pixels; the row by the height of its centres.
inline Span covered_columns(const Line& line, double centre_y, int width) {
  const double y = centre_y - line.middle.y;
  const double across = line.across_slope * y;
  const double along = line.along_slope * y;
  const double low = std::max(across - line.half_across, along - line.half_along);
  const double high = std::min(across + line.half_across, along + line.half_along);
  return span_between(line.middle.x + low, line.middle.x + high, width);
}

// The coverage of a pixel, in [0, 1].
inline double coverage(const Line& line, int column, double centre_y) {
  const double x = column + 0.5 - line.middle.x;
  const double y = centre_y - line.middle.y;
  const double across = line.reach_across - std::abs(line.along.x * y - line.along.y * x);
  const double along = line.reach_along - std::abs(line.along.x * x + line.along.y * y);
  return std::min(std::max(across, 0.0), 1.0) * std::min(std::max(along, 0.0), 1.0);
}

// The colour value after `colour` has covered that share of the pixel.
inline uint8_t blend(uint8_t below, uint8_t colour, double coverage) {
  return static_cast<uint8_t>(below + (colour - below) * coverage + 0.5);
}

}  // namespace mint::envs
