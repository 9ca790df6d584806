#include "envs/rasteriser.h"

#include <array>
#include <cassert>
#include <cstring>
#include <stdexcept>
#include <string>

namespace mint::envs {
namespace {

constexpr int kMaxCrossings = 8;  // of one row with a polygon
constexpr int kMaxCorners = 128;
constexpr int kDashPeriod_px = 16;
constexpr int kDashOn_px = 8;

// One row's crossings with the polygon's edges, as first pixels to the right of them, sorted.
struct Crossings {
  int16_t count;
  std::array<int16_t, kMaxCrossings> x;

  void insert(int16_t value) {
    assert(count < kMaxCrossings);
    if (count == kMaxCrossings) return;
    int i = count++;
    for (; i > 0 && x[i - 1] > value; --i) x[i] = x[i - 1];
    x[i] = value;
  }
};

// A polygon's corners and the first row at or over each of them.
struct Outline {
  const Vec2* corners;
  int count;
  std::array<int, kMaxCorners> row_of;
};

// Calls visit(row, pixel, is_rising) for each crossing of a row with an edge: the first pixel to
// the right of it and whether the outline goes up there.
template <class Visit>
inline void for_each_crossing(const Outline& outline, int width, const Visit& visit) {
  for (int i = 0; i < outline.count; ++i) {
    const int next = i + 1 < outline.count ? i + 1 : 0;
    if (outline.row_of[i] == outline.row_of[next]) continue;
    // Always upwards: the same arithmetic for both polygons at a shared edge.
    const bool is_rising = outline.row_of[i] < outline.row_of[next];
    const Vec2 a = outline.corners[is_rising ? i : next];
    const Vec2 b = outline.corners[is_rising ? next : i];
    const double slope = (b.x - a.x) / (b.y - a.y);
    const int end = outline.row_of[is_rising ? next : i];
    for (int row = outline.row_of[is_rising ? i : next]; row < end; ++row) {
      const double x = a.x + (row + 0.5 - a.y) * slope;
      visit(row, static_cast<int16_t>(first_pixel(x, width)), is_rising);
    }
  }
}

// How often the outline turns from going up to going down or back; 2 if no row crosses it more than
// twice.
int turns(const Outline& outline) {
  int turns = 0;
  int first = 0;
  int before = 0;  // +1 after going up, -1 after going down
  for (int i = 0; i < outline.count; ++i) {
    const int next = outline.row_of[i + 1 < outline.count ? i + 1 : 0];
    const int direction = (outline.row_of[i] < next) - (next < outline.row_of[i]);
    if (direction == 0) continue;
    turns += before != 0 && direction != before;
    if (first == 0) first = direction;
    before = direction;
  }
  return turns + (first != before);
}

// The spans of a polygon with two crossings in each of `rows` rows, from row `top` down.
void cut_monotone(const Outline& outline, int width, int top, int rows, Span* spans) {
  for_each_crossing(outline, width, [&](int row, int16_t pixel, bool is_rising) {
    Span& span = spans[top - row];
    (is_rising ? span.first : span.last) = pixel;
  });
  for (int i = 0; i < rows; ++i) {
    spans[i] = {std::min(spans[i].first, spans[i].last), std::max(spans[i].first, spans[i].last)};
  }
}

// The crossings of any polygon.
void cut(const Outline& outline, int width, int top, Crossings* rows) {
  for_each_crossing(outline, width,
                    [&](int row, int16_t pixel, bool) { rows[top - row].insert(pixel); });
}

void paint_polygon(const Drawing& drawing, const Stroke& stroke, const Canvas& canvas) {
  const Rgb colour = stroke.paint.colour;
  std::array<uint8_t, 3 * kMaxCanvas_px> solid;  // a run of the colour, as long as need be
  int solid_length = 0;
  const Span* span = &drawing.spans[stroke.start];
  for (int row = stroke.first_row; row < stroke.last_row; ++row) {
    for (int i = 0; i < stroke.spans_per_row; ++i, ++span) {
      const int length = span->last - span->first;
      if (length <= 0) continue;
      for (; solid_length < length; ++solid_length) {
        solid[3 * solid_length] = colour.r;
        solid[3 * solid_length + 1] = colour.g;
        solid[3 * solid_length + 2] = colour.b;
      }
      const ptrdiff_t start = static_cast<ptrdiff_t>(row) * canvas.width + span->first;
      std::memcpy(canvas.rgb + 3 * start, solid.data(), 3 * length);
      if (canvas.ids) std::memset(canvas.ids + start, stroke.paint.id, length);
    }
  }
}

void paint_line(const Drawing& drawing, const Stroke& stroke, const Canvas& canvas) {
  const Line& line = drawing.lines[stroke.start];
  const Rgb colour = stroke.paint.colour;
  for (int row = stroke.first_row; row < stroke.last_row; ++row) {
    const ptrdiff_t start = static_cast<ptrdiff_t>(row) * canvas.width;
    const double centre_y = canvas.height - 1 - row + 0.5;
    const Span columns = covered_columns(line, centre_y, canvas.width);
    for (int column = columns.first; column < columns.last; ++column) {
      const double covered = coverage(line, column, centre_y);
      uint8_t* pixel = canvas.rgb + 3 * (start + column);
      pixel[0] = blend(pixel[0], colour.r, covered);
      pixel[1] = blend(pixel[1], colour.g, covered);
      pixel[2] = blend(pixel[2], colour.b, covered);
      if (canvas.ids && covered >= 0.5) canvas.ids[start + column] = stroke.paint.id;
    }
  }
}

}  // namespace

void Drawing::clear() {
  strokes.clear();
  spans.clear();
  lines.clear();
}

void fill_polygon(Drawing& drawing, const Vec2* corners, int count, Paint paint) {
  assert(drawing.width <= kMaxCanvas_px && drawing.height <= kMaxCanvas_px);
  assert(count <= kMaxCorners);
  // Rows are counted from the bottom here. A row owns the edges with y0 <= its centre < y1.
  Outline outline = {corners, count, {}};
  int first_row = drawing.height;
  int last_row = 0;
  double left = corners[0].x;
  double right = corners[0].x;
  for (int i = 0; i < count; ++i) {
    const int row = first_pixel(corners[i].y, drawing.height);
    outline.row_of[i] = row;
    first_row = std::min(first_row, row);
    last_row = std::max(last_row, row);
    left = std::min(left, corners[i].x);
    right = std::max(right, corners[i].x);
  }
  if (first_row >= last_row) return;
  if (first_pixel(left, drawing.width) >= first_pixel(right, drawing.width)) return;

  Stroke stroke;
  stroke.paint = paint;
  stroke.first_row = static_cast<int16_t>(drawing.height - last_row);
  stroke.last_row = static_cast<int16_t>(drawing.height - first_row);
  stroke.start = static_cast<int>(drawing.spans.size());
  const int rows = last_row - first_row;
  if (turns(outline) == 2) {
    stroke.spans_per_row = 1;
    drawing.spans.resize(stroke.start + rows);
    cut_monotone(outline, drawing.width, last_row - 1, rows, &drawing.spans[stroke.start]);
  } else {
    std::array<Crossings, kMaxCanvas_px> crossings;
    for (int i = 0; i < rows; ++i) crossings[i].count = 0;
    cut(outline, drawing.width, last_row - 1, crossings.data());
    int most = 0;
    for (int i = 0; i < rows; ++i) most = std::max(most, crossings[i].count / 2);
    stroke.spans_per_row = static_cast<int16_t>(most);
    drawing.spans.resize(stroke.start + rows * most);
    for (int i = 0; i < rows * most; ++i) {
      const Crossings& row = crossings[i / most];
      const int pair = i % most * 2;
      if (pair + 1 < row.count) drawing.spans[stroke.start + i] = {row.x[pair], row.x[pair + 1]};
    }
  }
  drawing.strokes.push_back(stroke);
}

void draw_line(Drawing& drawing, Segment segment, double width, Paint paint) {
  const auto visible = clip_segment(segment, drawing.width, drawing.height);
  if (!visible) return;
  const Vec2 along = visible->to - visible->from;
  const double size = length(along);
  if (!(size > 0)) return;
  Line line;
  line.along = (1 / size) * along;
  line.middle = 0.5 * (visible->from + visible->to);
  line.reach_across = width / 2 + 0.5;
  line.reach_along = size / 2 + 0.5;
  const Vec2 t = line.along;
  // |t.x y - t.y x| < reach_across and |t.x x + t.y y| < reach_along, solved for x; no bound where
  // a row runs along or across the line.
  constexpr double kParallel = 1e-9;
  const bool is_level = std::abs(t.y) < kParallel;
  const bool is_upright = std::abs(t.x) < kParallel;
  line.across_slope = is_level ? 0 : t.x / t.y;
  line.half_across = is_level ? INFINITY : line.reach_across / std::abs(t.y);
  line.along_slope = is_upright ? 0 : -t.y / t.x;
  line.half_along = is_upright ? INFINITY : line.reach_along / std::abs(t.x);
  const double reach_y = std::abs(t.y) * line.reach_along + std::abs(t.x) * line.reach_across;
  const Span rows = span_between(line.middle.y - reach_y, line.middle.y + reach_y, drawing.height);
  if (rows.first >= rows.last) return;
  Stroke stroke;
  stroke.paint = paint;
  stroke.is_line = true;
  stroke.first_row = static_cast<int16_t>(drawing.height - rows.last);
  stroke.last_row = static_cast<int16_t>(drawing.height - rows.first);
  stroke.start = static_cast<int>(drawing.lines.size());
  drawing.strokes.push_back(stroke);
  drawing.lines.push_back(line);
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

float draw_dashed_line(Drawing& drawing, Segment segment, double width, float phase, Paint paint) {
  const auto visible = clip_segment(segment, drawing.width, drawing.height);
  if (!visible) return phase;
  const Vec2 along = visible->to - visible->from;
  const double size = length(along);
  if (!(size > 0)) return phase;
  const auto point = [&](double distance) {
    return visible->from + (std::min(distance, size) / size) * along;
  };
  const int start = static_cast<int>(std::floor(std::fmod(phase, kDashPeriod_px)));
  int run = -1;  // first step of the dash in hand, or -1 in a gap
  for (int i = 0; i < size; ++i) {
    const bool on = (start + i) % kDashPeriod_px < kDashOn_px;
    if (on && run < 0) run = i;
    if (!on && run >= 0) {
      draw_line(drawing, {point(run), point(i)}, width, paint);
      run = -1;
    }
  }
  if (run >= 0) draw_line(drawing, {point(run), visible->to}, width, paint);
  return phase + static_cast<float>(size);
}

float advance_dash_phase(Segment segment, double window_width, double window_height, float phase) {
  const auto visible = clip_segment(segment, window_width, window_height);
  return visible ? phase + static_cast<float>(length(visible->to - visible->from)) : phase;
}

void paint(const Drawing& drawing, const Canvas& canvas) {
  if (canvas.width != drawing.width || canvas.height != drawing.height) {
    throw std::invalid_argument("paint: canvas: expected " + std::to_string(drawing.width) + " x " +
                                std::to_string(drawing.height) + ", got " +
                                std::to_string(canvas.width) + " x " +
                                std::to_string(canvas.height));
  }
  for (const Stroke& stroke : drawing.strokes) {
    stroke.is_line ? paint_line(drawing, stroke, canvas) : paint_polygon(drawing, stroke, canvas);
  }
}

}  // namespace mint::envs
