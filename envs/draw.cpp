#include "envs/draw.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>

#include "envs/block_geometry.h"
#include "envs/geometry.h"
#include "envs/rasteriser.h"
#include "envs/reduced_drawing.h"
#include "envs/robot_geometry.h"
#include "envs/vector_code.h"

namespace mint::envs {
namespace {

constexpr double kView = 2.04;  // units across: the arena zoomed out by 1.02
constexpr double kScale = kFullSize_px / kView;
constexpr double kArenaLine_px = 1;
constexpr double kRegionLine_px = 2.5;

// A colour and its relatives (section 7 of the page; HLS arithmetic done there).
struct Shades {
  Rgb base;
  Rgb darkened;
  Rgb lightened2;
  Rgb lightened4;
};
constexpr Shades kBlockShades[] = {
    {{245, 129, 165}, {243, 94, 141}, {250, 190, 209}, {253, 222, 232}},   // red
    {{195, 208, 130}, {183, 198, 105}, {224, 231, 191}, {239, 243, 222}},  // green
    {{135, 185, 211}, {110, 170, 202}, {194, 219, 233}, {224, 237, 244}},  // blue
    {{254, 213, 123}, {254, 201, 86}, {254, 234, 188}, {255, 244, 221}},   // yellow
};
constexpr Shades kGrey = {{162, 163, 175}, {144, 145, 159}, {208, 208, 214}, {231, 231, 234}};
constexpr Rgb kWhite = {255, 255, 255};
constexpr Rgb kPupil = {26, 26, 26};

const Shades& shades(Colour colour) {
  return kBlockShades[static_cast<int>(colour)];
}

// v -> (a x - b y + x0, b x + a y + y0): rotation, uniform scale and shift.
struct Similarity {
  double a = 1;
  double b = 0;
  Vec2 origin;

  Vec2 operator()(Vec2 v) const {
    return {a * v.x - b * v.y + origin.x, b * v.x + a * v.y + origin.y};
  }
};

Similarity operator*(const Similarity& outer, const Similarity& inner) {
  return {outer.a * inner.a - outer.b * inner.b, outer.a * inner.b + outer.b * inner.a,
          outer(inner.origin)};
}

Similarity from_frame(const Pose& pose) {
  return {std::cos(pose.angle), std::sin(pose.angle), {pose.x, pose.y}};
}

// From the world to the window.
Similarity allocentric_view() {
  return {kScale, 0, {kScale * kView / 2, kScale * kView / 2}};
}

Similarity egocentric_view(const Pose& robot) {
  const Similarity turn = {kScale * std::cos(robot.angle), -kScale * std::sin(robot.angle), {}};
  const Vec2 robot_in_window = {kScale * kView / 2, kScale * kView * 0.15};
  return {turn.a, turn.b, robot_in_window - turn({robot.x, robot.y})};
}

void fill(Drawing& drawing, const Similarity& to_window, const Polygon& polygon, Paint paint) {
  std::array<Vec2, kCircleCorners> corners;
  assert(polygon.size() <= corners.size());
  for (size_t i = 0; i < polygon.size(); ++i) corners[i] = to_window(polygon[i]);
  fill_polygon(drawing, corners.data(), static_cast<int>(polygon.size()), paint);
}

struct Outline {
  Polygon outer;
  Polygon inner;
};

const Outline& block_outline(Shape shape) {
  static const auto outlines = [] {
    std::array<Outline, static_cast<int>(Shape::kOctagon) + 1> all;
    for (size_t i = 0; i < all.size(); ++i) {
      all[i] = {block_outer(static_cast<Shape>(i)), block_inner(static_cast<Shape>(i))};
    }
    return all;
  }();
  return outlines[static_cast<int>(shape)];
}

struct RobotOutline {
  Outline body = {circle_polygon(kCircleCorners, kRobotRadius),
                  circle_polygon(kCircleCorners, kRobotInnerRadius)};
  std::array<std::array<Polygon, 2>, 2> fingers_outer = {finger_outer(kLeft), finger_outer(kRight)};
  std::array<std::array<Polygon, 2>, 2> fingers_inner = {finger_inner(kLeft), finger_inner(kRight)};
  Polygon eye = circle_polygon(kEyeCorners, kEyeRadius);
  Polygon pupil = circle_polygon(kPupilCorners, kPupilRadius);
};

const RobotOutline& robot_outline() {
  static const RobotOutline outline;
  return outline;
}

// The region's corners in the window: top left, top right, bottom right, bottom left.
std::array<Vec2, 4> region_corners(const Similarity& view, const Region& r) {
  return {view({r.x, r.y}), view({r.x + r.w, r.y}), view({r.x + r.w, r.y - r.h}),
          view({r.x, r.y - r.h})};
}

// Where the counter of the dashes starts: at zero, unless the region's first edge is out of view.
float dash_start(const Drawing& drawing, Segment first_edge, float phase) {
  return clip_segment(first_edge, drawing.width, drawing.height) ? 0 : phase;
}

float draw_region(Drawing& drawing, const Similarity& view, const Region& region, uint8_t id,
                  float phase) {
  const auto corners = region_corners(view, region);
  const Shades& colours = shades(region.colour);
  fill_polygon(drawing, corners.data(), 4, {colours.lightened2, id});
  phase = dash_start(drawing, {corners[0], corners[1]}, phase);
  for (int i = 0; i < 4; ++i) {
    const Segment edge = {corners[i], corners[(i + 1) % 4]};
    phase = draw_dashed_line(drawing, edge, kRegionLine_px, phase, {colours.base, id});
  }
  return phase;
}

// The counter after the allocentric view, with which the original begins the egocentric one.
float dash_phase_after_allocentric(const Drawing& drawing, const Scene& scene) {
  const Similarity view = allocentric_view();
  float phase = 0;
  for (const EntityRef& entity : scene.draw_order) {
    if (entity.kind != EntityKind::kRegion) continue;
    const auto corners = region_corners(view, scene.regions[entity.index]);
    phase = dash_start(drawing, {corners[0], corners[1]}, phase);
    for (int i = 0; i < 4; ++i) {
      const Segment edge = {corners[i], corners[(i + 1) % 4]};
      phase = advance_dash_phase(edge, drawing.width, drawing.height, phase);
    }
  }
  return phase;
}

void draw_block(Drawing& drawing, const Similarity& view, const Block& block, const Pose& pose,
                uint8_t id) {
  const Outline& outline = block_outline(block.shape);
  const Similarity to_window = view * from_frame(pose);
  fill(drawing, to_window, outline.outer, {shades(block.colour).darkened, id});
  fill(drawing, to_window, outline.inner, {shades(block.colour).base, id});
}

void draw_robot(Drawing& drawing, const Similarity& view, const State& state, uint8_t id) {
  const RobotOutline& outline = robot_outline();
  const Similarity fingers[] = {view * from_frame(state.fingers[kLeft].pose),
                                view * from_frame(state.fingers[kRight].pose)};
  for (const int side : {kLeft, kRight}) {
    for (const Polygon& quad : outline.fingers_outer[side]) {
      fill(drawing, fingers[side], quad, {kGrey.base, id});
    }
  }
  for (const int side : {kLeft, kRight}) {
    for (const Polygon& quad : outline.fingers_inner[side]) {
      fill(drawing, fingers[side], quad, {kGrey.lightened4, id});
    }
  }
  const Similarity body = view * from_frame(state.robot.pose);
  fill(drawing, body, outline.body.outer, {kGrey.darkened, id});
  fill(drawing, body, outline.body.inner, {kGrey.base, id});
  for (const int side : {kLeft, kRight}) {
    const Vec2 centre = eye_centre(side);
    fill(drawing, body * Similarity{1, 0, centre}, outline.eye, {kWhite, id});
    const double turn = state.eye_angles[side] - state.robot.pose.angle;
    const Vec2 pupil = centre + rotate({0, kPupilOffset}, turn);
    fill(drawing, body * from_frame({pupil.x, pupil.y, turn}), outline.pupil, {kPupil, id});
  }
}

// The floor and its outline.
void draw_arena(Drawing& drawing, const Similarity& view) {
  const Vec2 arena[] = {view({-1, -1}), view({1, -1}), view({1, 1}), view({-1, 1})};
  fill_polygon(drawing, arena, 4, {kWhite, 0});
  for (int i = 0; i < 4; ++i) {
    draw_line(drawing, {arena[i], arena[(i + 1) % 4]}, kArenaLine_px, {kGrey.base, 0});
  }
}

void draw_entities(Drawing& drawing, const Similarity& view, const Scene& scene, const State& state,
                   float dash_phase) {
  for (size_t i = 0; i < scene.draw_order.size(); ++i) {
    const EntityRef& entity = scene.draw_order[i];
    const auto id = static_cast<uint8_t>(i + 1);
    switch (entity.kind) {
      case EntityKind::kRegion:
        dash_phase = draw_region(drawing, view, scene.regions[entity.index], id, dash_phase);
        break;
      case EntityKind::kBlock:
        draw_block(drawing, view, scene.blocks[entity.index], state.blocks[entity.index].pose, id);
        break;
      case EntityKind::kRobot:
        draw_robot(drawing, view, state, id);
        break;
    }
  }
}

constexpr size_t kRowBytes = 3 * kFullSize_px;

// What lies outside the arena.
const std::vector<uint8_t>& outside() {
  static const auto rgb = [] {
    const Rgb colour = kGrey.lightened4;
    std::vector<uint8_t> pixels;
    for (int i = 0; i < kFullSize_px * kFullSize_px; ++i) {
      pixels.insert(pixels.end(), {colour.r, colour.g, colour.b});
    }
    return pixels;
  }();
  return rgb;
}

// The allocentric view without entities.
const std::vector<uint8_t>& empty_arena() {
  static const auto rgb = [] {
    std::vector<uint8_t> pixels = outside();
    Drawing drawing;
    draw_arena(drawing, allocentric_view());
    paint(drawing, {kFullSize_px, kFullSize_px, pixels.data()});
    return pixels;
  }();
  return rgb;
}

// What a camera's view is painted over: from above it includes the arena.
const std::vector<uint8_t>& backdrop(Camera camera) {
  return camera == Camera::kAllocentric ? empty_arena() : outside();
}

// All that moves in a camera's view, in this thread's working memory.
const Drawing& record(const Scene& scene, const State& state, Camera camera) {
  thread_local Drawing drawing;
  drawing.clear();
  if (camera == Camera::kAllocentric) {
    draw_entities(drawing, allocentric_view(), scene, state, 0);
  } else {
    const Similarity view = egocentric_view(state.robot.pose);
    draw_arena(drawing, view);
    draw_entities(drawing, view, scene, state, dash_phase_after_allocentric(drawing, scene));
  }
  return drawing;
}

// Reduces four rows of the large image to one of the small.
MINT_VECTOR_CLONES
void downsample_row(const uint8_t* rows, uint8_t* out) {
  // Three passes over whole rows, which compilers turn into vector code: sums of 4 rows, of 2
  // neighbours in a row, of 4 neighbours, the latter already rounded (half to even).
  std::array<uint16_t, kRowBytes> sums;
  for (size_t i = 0; i < kRowBytes; ++i) {
    sums[i] = static_cast<uint16_t>(rows[i] + rows[i + kRowBytes] + rows[i + 2 * kRowBytes] +
                                    rows[i + 3 * kRowBytes]);
  }
  for (size_t i = 0; i < kRowBytes - 3; ++i) sums[i] = static_cast<uint16_t>(sums[i] + sums[i + 3]);
  std::array<uint8_t, kRowBytes> means;
  for (size_t i = 0; i < kRowBytes - 9; ++i) {
    const int sum = sums[i] + sums[i + 6];
    means[i] = static_cast<uint8_t>((sum + 7 + ((sum >> 4) & 1)) >> 4);
  }
  for (int x = 0; x < kObservationSize_px; ++x) {
    std::memcpy(out + 3 * x, &means[3 * kReduction * x], 3);
  }
}

// The winning id of a 4 x 4 block of the large image.
uint8_t block_winner(const uint8_t* block) {
  std::array<uint32_t, kReduction> rows;
  for (int i = 0; i < kReduction; ++i) std::memcpy(&rows[i], block + i * kFullSize_px, kReduction);
  const uint32_t turned = rows[0] >> 8 | rows[0] << 24;
  if (rows[0] == turned && rows[0] == rows[1] && rows[0] == rows[2] && rows[0] == rows[3]) {
    return block[0];  // the usual case
  }
  std::array<uint8_t, kReduction * kReduction> ids;
  std::memcpy(ids.data(), rows.data(), ids.size());
  return winning_id(ids);
}

void require_full_size(const char* what, int width, int height) {
  if (width == kFullSize_px && height == kFullSize_px) return;
  throw std::invalid_argument(std::string(what) + ": expected 384 x 384, got " +
                              std::to_string(width) + " x " + std::to_string(height));
}

}  // namespace

void draw(const Scene& scene, const State& state, Camera camera, Image& image,
          InstanceImage* instances) {
  image.width = image.height = kFullSize_px;
  image.rgb = backdrop(camera);
  Canvas canvas = {kFullSize_px, kFullSize_px, image.rgb.data()};
  if (instances) {
    instances->width = instances->height = kFullSize_px;
    instances->ids.assign(kFullSize_px * kFullSize_px, 0);
    canvas.ids = instances->ids.data();
  }
  paint(record(scene, state, camera), canvas);
}

void draw_observation(const Scene& scene, const State& state, Camera camera, uint8_t* rgb,
                      uint8_t* ids) {
  static const Backdrop allocentric(backdrop(Camera::kAllocentric));
  static const Backdrop egocentric(backdrop(Camera::kEgocentric));
  paint_reduced(record(scene, state, camera),
                camera == Camera::kAllocentric ? allocentric : egocentric, rgb, ids);
}

void downsample(const uint8_t* full_rgb, uint8_t* rgb) {
  for (int y = 0; y < kObservationSize_px; ++y) {
    downsample_row(full_rgb + kReduction * y * kRowBytes, rgb + 3 * kObservationSize_px * y);
  }
}

void downsample(const Image& image, uint8_t* rgb) {
  require_full_size("downsample: image", image.width, image.height);
  downsample(image.rgb.data(), rgb);
}

InstanceImage downsample(const InstanceImage& instances) {
  require_full_size("downsample: instances", instances.width, instances.height);
  InstanceImage small;
  small.width = small.height = kObservationSize_px;
  small.ids.resize(kObservationSize_px * kObservationSize_px);
  for (int y = 0; y < kObservationSize_px; ++y) {
    const uint8_t* rows = &instances.ids[kReduction * y * kFullSize_px];
    for (int x = 0; x < kObservationSize_px; ++x) {
      small.ids[y * kObservationSize_px + x] = block_winner(rows + kReduction * x);
    }
  }
  return small;
}

}  // namespace mint::envs
