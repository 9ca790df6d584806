// Polygons and anti-aliased lines on an 8-bit RGB buffer, by the rules of section 7 of the MAGICAL
// page. Knows nothing of tasks; envs/draw.cpp turns scenes into calls of these functions.
//
// Window coordinates are in pixels, x right and y *up*, (0, 0) = lower left corner of the canvas;
// the pixel in row r from the top and column c has its centre at (c + 0.5, height - 1 - r + 0.5).
// Whatever lies outside the canvas is clipped away; NaN coordinates draw nothing of consequence.
#pragma once

#include <cstdint>
#include <optional>

#include "envs/geometry.h"

namespace mint::envs {

inline constexpr int kMaxCanvas_px = 384;  // largest width and height of a canvas

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

// Borrowed buffers to draw on; rows from the top, without padding.
struct Canvas {
  int width = 0;           // 1..kMaxCanvas_px
  int height = 0;          // 1..kMaxCanvas_px
  uint8_t* rgb = nullptr;  // [height, width, 3]
  uint8_t* ids = nullptr;  // [height, width], or null
};

// Fills the pixels whose centre is inside a simple polygon, not necessarily convex; either
// orientation. A centre on an edge is inside when the polygon lies to its right or above it, so
// polygons that share an edge share no pixel. No row may cross the polygon more than eight times.
void fill_polygon(const Canvas& canvas, const Vec2* corners, int count, Paint paint);

struct Segment {
  Vec2 from;
  Vec2 to;
};

// An anti-aliased segment of the given width (px): a pixel centre at distance d_n from the line and
// d_t along it from the midpoint is covered by clamp(width / 2 + 0.5 - d_n, 0, 1) *
// clamp(length / 2 + 0.5 - d_t, 0, 1) and blended accordingly. Ids change where it is >= 0.5. The
// segment is clipped to the canvas before all this (as the original does: the page does not say so,
// but it halves the pixels that differ in egocentric frames).
void draw_line(const Canvas& canvas, Segment segment, double width, Paint paint);

// The part of a segment inside [0, width] x [0, height], if any.
std::optional<Segment> clip_segment(Segment segment, double width, double height);

// Dashes of 8 px on, 8 px off, by the original's counter: `phase` is its value at the start of the
// segment, the return value that at the end; it advances by the visible length only.
float draw_dashed_line(const Canvas& canvas, Segment segment, double width, float phase,
                       Paint paint);

// The counter's advance alone, without drawing.
float advance_dash_phase(Segment segment, double window_width, double window_height, float phase);

}  // namespace mint::envs
