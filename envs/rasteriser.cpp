#include "envs/rasteriser.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>

namespace mint::envs {
namespace {

constexpr int kMaxCrossings = 8;  // of one row with a polygon
constexpr int kDashPeriod_px = 16;
constexpr int kDashOn_px = 8;

// The first pixel whose centre is at or beyond coordinate `v`, within [0, limit]; 0 for NaN.
int first_pixel(double v, int limit) {
  v -= 0.5;
  if (!(v > 0)) return 0;
  if (v >= limit) return limit;
  const int below = static_cast<int>(v);
  return below + (below < v);
}

// One row's crossings with the polygon's edges, kept sorted.
struct Crossings {
  int count;
  std::array<double, kMaxCrossings> x;

  void insert(double value) {
    assert(count < kMaxCrossings);
    if (count == kMaxCrossings) return;
    int i = count++;
    for (; i > 0 && x[i - 1] > value; --i) x[i] = x[i - 1];
    x[i] = value;
  }
};

uint8_t blend(uint8_t below, uint8_t colour, double coverage) {
  return static_cast<uint8_t>(below + (colour - below) * coverage + 0.5);
}

// The interval of x with |slope * x + offset| < reach.
struct Interval {
  double low;
  double high;
};
Interval solve_within(double slope, double offset, double reach) {
  if (std::abs(slope) < 1e-12) {
    return std::abs(offset) < reach ? Interval{-INFINITY, INFINITY} : Interval{0, 0};
  }
  const double centre = -offset / slope;
  const double half = reach / std::abs(slope);
  return {centre - half, centre + half};
}

}  // namespace

void fill_polygon(const Canvas& canvas, const Vec2* corners, int count, Paint paint) {
  assert(canvas.width <= kMaxCanvas_px && canvas.height <= kMaxCanvas_px);
  Vec2 low = corners[0];
  Vec2 high = corners[0];
  for (int i = 1; i < count; ++i) {
    low = {std::min(low.x, corners[i].x), std::min(low.y, corners[i].y)};
    high = {std::max(high.x, corners[i].x), std::max(high.y, corners[i].y)};
  }
  // Rows are counted from the bottom here. A row owns the edges with y0 <= its centre < y1.
  const int first_row = first_pixel(low.y, canvas.height);
  const int last_row = first_pixel(high.y, canvas.height);
  const int widest = first_pixel(high.x, canvas.width) - first_pixel(low.x, canvas.width);
  if (first_row >= last_row || widest <= 0) return;

  std::array<Crossings, kMaxCanvas_px> rows;  // only [first_row, last_row) is used
  for (int row = first_row; row < last_row; ++row) rows[row].count = 0;
  for (int i = 0; i < count; ++i) {
    Vec2 a = corners[i];
    Vec2 b = corners[i + 1 < count ? i + 1 : 0];
    if (a.y > b.y) std::swap(a, b);  // the same arithmetic for both polygons at a shared edge
    const int end = first_pixel(b.y, canvas.height);
    int row = first_pixel(a.y, canvas.height);
    if (row >= end) continue;
    const double slope = (b.x - a.x) / (b.y - a.y);
    for (; row < end; ++row) rows[row].insert(a.x + (row + 0.5 - a.y) * slope);
  }

  std::array<uint8_t, 3 * kMaxCanvas_px> solid;  // a run of the colour, as long as any span
  for (int i = 0; i < widest; ++i) {
    solid[3 * i] = paint.colour.r;
    solid[3 * i + 1] = paint.colour.g;
    solid[3 * i + 2] = paint.colour.b;
  }
  for (int row = first_row; row < last_row; ++row) {
    const Crossings& crossings = rows[row];
    const int image_row = canvas.height - 1 - row;
    for (int i = 0; i + 1 < crossings.count; i += 2) {
      const int first = first_pixel(crossings.x[i], canvas.width);
      const int length = std::min(first_pixel(crossings.x[i + 1], canvas.width) - first, widest);
      if (length <= 0) continue;
      const ptrdiff_t start = static_cast<ptrdiff_t>(image_row) * canvas.width + first;
      std::memcpy(canvas.rgb + 3 * start, solid.data(), 3 * length);
      if (canvas.ids) std::memset(canvas.ids + start, paint.id, length);
    }
  }
}

void draw_line(const Canvas& canvas, Segment segment, double width, Paint paint) {
  const auto visible = clip_segment(segment, canvas.width, canvas.height);
  if (!visible) return;
  const Vec2 along = visible->to - visible->from;
  const double size = length(along);
  if (!(size > 0)) return;
  const Vec2 t = (1 / size) * along;
  const Vec2 middle = 0.5 * (visible->from + visible->to);
  const double reach_n = width / 2 + 0.5;
  const double reach_t = size / 2 + 0.5;
  const double reach_y = std::abs(t.y) * reach_t + std::abs(t.x) * reach_n;
  const int last_row = first_pixel(middle.y + reach_y, canvas.height);
  for (int row = first_pixel(middle.y - reach_y, canvas.height); row < last_row; ++row) {
    const double y = row + 0.5 - middle.y;
    const Interval n = solve_within(-t.y, t.x * y, reach_n);
    const Interval s = solve_within(t.x, t.y * y, reach_t);
    const int first = first_pixel(middle.x + std::max(n.low, s.low), canvas.width);
    const int last = first_pixel(middle.x + std::min(n.high, s.high), canvas.width);
    if (first >= last) continue;
    const int image_row = canvas.height - 1 - row;
    const ptrdiff_t start = static_cast<ptrdiff_t>(image_row) * canvas.width;
    for (int column = first; column < last; ++column) {
      const double x = column + 0.5 - middle.x;
      const double cover_n = std::min(reach_n - std::abs(t.x * y - t.y * x), 1.0);
      const double cover_t = std::min(reach_t - std::abs(t.x * x + t.y * y), 1.0);
      if (!(cover_n > 0 && cover_t > 0)) continue;
      const double coverage = cover_n * cover_t;
      uint8_t* pixel = canvas.rgb + 3 * (start + column);
      pixel[0] = blend(pixel[0], paint.colour.r, coverage);
      pixel[1] = blend(pixel[1], paint.colour.g, coverage);
      pixel[2] = blend(pixel[2], paint.colour.b, coverage);
      if (canvas.ids && coverage >= 0.5) canvas.ids[start + column] = paint.id;
    }
  }
}

// Liang-Barsky: the range [low, high] of the segment's parameter inside all four half planes.
std::optional<Segment> clip_segment(Segment segment, double width, double height) {
  const Vec2 d = segment.to - segment.from;
  const Vec2 p = segment.from;
  const double step[] = {-d.x, d.x, -d.y, d.y};
  const double room[] = {p.x, width - p.x, p.y, height - p.y};
  double low = 0;
  double high = 1;
  for (int side = 0; side < 4; ++side) {
    if (step[side] == 0) {
      if (room[side] < 0) return std::nullopt;
    } else if (step[side] < 0) {
      low = std::max(low, room[side] / step[side]);
    } else {
      high = std::min(high, room[side] / step[side]);
    }
  }
  if (!(low < high)) return std::nullopt;
  return Segment{p + low * d, p + high * d};
}

float draw_dashed_line(const Canvas& canvas, Segment segment, double width, float phase,
                       Paint paint) {
  const auto visible = clip_segment(segment, canvas.width, canvas.height);
  if (!visible) return phase;
  const Vec2 along = visible->to - visible->from;
  const double size = length(along);
  const auto point = [&](double distance) {
    return visible->from + (std::min(distance, size) / size) * along;
  };
  const int start = static_cast<int>(std::floor(std::fmod(phase, kDashPeriod_px)));
  int run = -1;  // first step of the dash in hand, or -1 in a gap
  for (int i = 0; i < size; ++i) {
    const bool on = (start + i) % kDashPeriod_px < kDashOn_px;
    if (on && run < 0) run = i;
    if (!on && run >= 0) {
      draw_line(canvas, {point(run), point(i)}, width, paint);
      run = -1;
    }
  }
  if (run >= 0) draw_line(canvas, {point(run), visible->to}, width, paint);
  return phase + static_cast<float>(size);
}

float advance_dash_phase(Segment segment, double window_width, double window_height, float phase) {
  const auto visible = clip_segment(segment, window_width, window_height);
  return visible ? phase + static_cast<float>(length(visible->to - visible->from)) : phase;
}

}  // namespace mint::envs
