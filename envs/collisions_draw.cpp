#include "envs/collisions_draw.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "envs/collisions_solid.h"

namespace mint::envs {
namespace {

constexpr int kSamples = 4;  // per axis, in pixels where outlines pass

// Pixels [left, right) x [top, bottom) of the picture.
struct Box {
  int left = 0, top = 0, right = 0, bottom = 0;

  bool contains(int column, int row) const {
    return column >= left && column < right && row >= top && row < bottom;
  }
};

Box clipped(const CollisionsCamera& camera, double left, double top, double right, double bottom) {
  const auto within = [](double value, int limit) {
    return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(limit)));
  };
  return {within(std::floor(left), camera.width_px), within(std::floor(top), camera.height_px),
          within(std::ceil(right), camera.width_px), within(std::ceil(bottom), camera.height_px)};
}

Ray3f to_float(Vec3 v) {
  return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}

// Rays through the picture without a normalisation: lengths along one compare with each other.
class RayFan {
 public:
  explicit RayFan(const CollisionsCamera& camera) : from_(to_float(camera_position(camera))) {
    const Projection centre{camera.width_px / 2.0, camera.height_px / 2.0, 0};
    const Vec3 forward = camera_ray(camera, centre.column, centre.row);
    forward_ = to_float(camera.focal_px * forward);
    right_ = {1, 0, 0};
    down_ = to_float(Vec3{0, forward.z, -forward.y});
    column_ = static_cast<float>(centre.column);
    row_ = static_cast<float>(centre.row);
  }

  Ray3f from() const { return from_; }
  Ray3f through(float column, float row) const {
    const float u = column - column_, v = row - row_;
    return {forward_.x + u * right_.x, forward_.y + v * down_.y, forward_.z + v * down_.z};
  }

 private:
  Ray3f from_, forward_, right_, down_;
  float column_, row_;
};

struct SeenSolid {
  int id;
  PlacedSolid solid;
  Box box;  // of the picture: it is nowhere else
};

std::vector<SeenSolid> seen_solids(const CollisionsCamera& camera, const std::vector<Solid>& solids,
                                   const std::vector<SolidState>& states) {
  std::vector<SeenSolid> result;
  for (size_t i = 0; i < solids.size(); ++i) {
    const Pose& pose = states[i].pose;
    const double half = height(solids[i]) / 2;
    const Projection seen = project(camera, {pose.x, pose.y, half});
    if (seen.depth < 1) continue;
    const double reach =
        1.08 * camera.focal_px * std::hypot(outer_radius(solids[i]), half) / seen.depth + 2;
    const Box box = clipped(camera, seen.column - reach, seen.row - reach, seen.column + reach,
                            seen.row + reach);
    result.push_back({static_cast<int>(i) + 1, PlacedSolid(solids[i], pose), box});
  }
  return result;
}

// Where a square of the ground is seen.
Box ground_box(const CollisionsCamera& camera, Vec2 centre, double reach) {
  double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
  for (const double dx : {-reach, reach}) {
    for (const double dy : {-reach, reach}) {
      const Projection seen = project(camera, {centre.x + dx, centre.y + dy, 0});
      if (seen.depth < 0.5) return {};  // beside the camera, so not in the picture
      left = std::min(left, seen.column);
      right = std::max(right, seen.column);
      top = std::min(top, seen.row);
      bottom = std::max(bottom, seen.row);
    }
  }
  return clipped(camera, left, top, right, bottom);
}

uint8_t to_byte(float value) {
  return static_cast<uint8_t>(std::clamp(value, 0.0f, 1.0f) * 255 + 0.5f);
}

// The mean of rays through one pixel.
std::array<float, 3> sample_pixel(const RayFan& fan, const std::vector<SeenSolid>& seen, int column,
                                  int row, const std::array<float, 3>& ground) {
  std::array<float, 3> sum{};
  for (int sample = 0; sample < kSamples * kSamples; ++sample) {
    const float x = column + (sample % kSamples + 0.5f) / kSamples;
    const float y = row + (sample / kSamples + 0.5f) / kSamples;
    const Ray3f direction = fan.through(x, y);
    const SeenSolid* nearest = nullptr;
    float depth = std::numeric_limits<float>::infinity();
    for (const SeenSolid& one : seen) {
      if (!one.box.contains(column, row)) continue;
      const float distance = one.solid.distance(fan.from(), direction);
      if (distance > 0 && distance < depth) {
        depth = distance;
        nearest = &one;
      }
    }
    std::array<float, 3> colour = ground;
    if (nearest) {
      colour = nearest->solid.shade(nearest->solid.hit(fan.from(), direction), direction);
      for (float& value : colour) value = std::min(value, 1.0f);
    }
    for (int i = 0; i < 3; ++i) sum[i] += colour[i] / (kSamples * kSamples);
  }
  return sum;
}

// Whether a neighbour shows something else than the pixel.
bool is_outline(const InstanceImage& ids, int column, int row) {
  const size_t at = static_cast<size_t>(row) * ids.width + column;
  const uint8_t id = ids.ids[at];
  return (column > 0 && ids.ids[at - 1] != id) ||
         (column + 1 < ids.width && ids.ids[at + 1] != id) ||
         (row > 0 && ids.ids[at - ids.width] != id) ||
         (row + 1 < ids.height && ids.ids[at + ids.width] != id);
}

}  // namespace

CollisionsPainter::CollisionsPainter(const CollisionsCamera& camera) : camera_(camera) {
  for (int row = 0; row < camera.height_px; ++row) {
    for (int column = 0; column < camera.width_px; ++column) {
      const Vec2 point = ground_point(camera, column + 0.5, row + 0.5);
      ground_x_.push_back(static_cast<float>(point.x));
      ground_y_.push_back(static_cast<float>(point.y));
      const Vec2 from_lamp = point - Vec2{-0.5, 0.2};  // brightest below the lamp
      const double pool = std::exp(-dot(from_lamp, from_lamp) / 22);
      ground_.push_back(static_cast<float>(0.40 + 0.20 * pool));
    }
  }
}

void CollisionsPainter::draw(const std::vector<Solid>& solids,
                             const std::vector<SolidState>& states, Image& image,
                             InstanceImage& ids) {
  if (states.size() != solids.size() || solids.size() > 255) {
    throw std::invalid_argument("CollisionsPainter::draw: states: expected one for each of " +
                                std::to_string(solids.size()) + " solids (at most 255), got " +
                                std::to_string(states.size()));
  }
  const int width = camera_.width_px, height = camera_.height_px;
  const size_t pixels = static_cast<size_t>(width) * height;
  image.width = ids.width = width;
  image.height = ids.height = height;
  image.rgb.resize(3 * pixels);
  ids.ids.assign(pixels, 0);
  shadow_.assign(pixels, 1);
  depth_.assign(pixels, std::numeric_limits<float>::infinity());

  const RayFan fan(camera_);
  const std::vector<SeenSolid> seen = seen_solids(camera_, solids, states);
  for (const SeenSolid& one : seen) {
    const Box box = ground_box(camera_, one.solid.shadow_centre(), one.solid.shadow_reach());
    for (int row = box.top; row < box.bottom; ++row) {
      for (int column = box.left; column < box.right; ++column) {
        const size_t at = static_cast<size_t>(row) * width + column;
        shadow_[at] *= one.solid.light_left(ground_x_[at], ground_y_[at]);
      }
    }
    for (int row = one.box.top; row < one.box.bottom; ++row) {
      for (int column = one.box.left; column < one.box.right; ++column) {
        const size_t at = static_cast<size_t>(row) * width + column;
        const float distance =
            one.solid.distance(fan.from(), fan.through(column + 0.5f, row + 0.5f));
        if (distance <= 0 || distance >= depth_[at]) continue;
        depth_[at] = distance;
        ids.ids[at] = static_cast<uint8_t>(one.id);
      }
    }
  }

  std::vector<const SeenSolid*> by_id(solids.size() + 1, nullptr);
  for (const SeenSolid& one : seen) by_id[one.id] = &one;
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const size_t at = static_cast<size_t>(row) * width + column;
      const float light = ground_[at] * shadow_[at];
      std::array<float, 3> colour = {light, light, 0.985f * light};
      if (is_outline(ids, column, row)) {
        colour = sample_pixel(fan, seen, column, row, colour);
      } else if (const SeenSolid* one = by_id[ids.ids[at]]) {
        const Ray3f direction = fan.through(column + 0.5f, row + 0.5f);
        colour = one->solid.shade(one->solid.hit(fan.from(), direction), direction);
      }
      for (int i = 0; i < 3; ++i) image.rgb[3 * at + i] = to_byte(colour[i]);
    }
  }
}

}  // namespace mint::envs
