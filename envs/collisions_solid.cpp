#include "envs/collisions_solid.h"

#include <algorithm>
#include <cmath>

namespace mint::envs {
namespace {

constexpr float kFar = 1e9f;
constexpr float kRoundedEdge = 0.035f;  // units
constexpr float kPenumbra = 0.16f;      // half width of a shadow's edge, units
constexpr float kShadow = 0.58f;        // share of the ground's light that the lamp gives
constexpr float kContactShadow = 0.30f;

constexpr float kLamp[3] = {-0.476f, -0.317f, 0.820f};  // towards the lamp
constexpr float kFill[3] = {0.745f, -0.497f, 0.445f};   // towards the weak one

// CLEVRER's colours.
constexpr uint8_t kSolidRgb[kSolidColours][3] = {{87, 87, 87},   {173, 35, 35}, {42, 75, 215},
                                                 {29, 105, 20},  {129, 74, 25}, {41, 208, 208},
                                                 {129, 38, 192}, {255, 238, 51}};

float dot3(Ray3f a, Ray3f b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

Ray3f along(Ray3f from, float t, Ray3f direction) {
  return {from.x + t * direction.x, from.y + t * direction.y, from.z + t * direction.z};
}

Ray3f unit(Ray3f a) {
  const float scale = 1 / std::sqrt(dot3(a, a));
  return {scale * a.x, scale * a.y, scale * a.z};
}

float smooth_step(float low, float high, float x) {
  const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
  return t * t * (3 - 2 * t);
}

float power(float base, float exponent) {
  return base > 0 ? std::pow(base, exponent) : 0;
}

// Brightness of the plain surroundings that metal mirrors, in the direction of `z`.
float surroundings(float z) {
  return z > 0 ? 0.35f + 0.65f * z : 0.35f + 0.15f * z;
}

}  // namespace

PlacedSolid::PlacedSolid(const Solid& solid, const Pose& pose)
    : solid_(solid),
      x_(static_cast<float>(pose.x)),
      y_(static_cast<float>(pose.y)),
      cosine_(static_cast<float>(std::cos(pose.angle))),
      sine_(static_cast<float>(std::sin(pose.angle))),
      radius_(static_cast<float>(outer_radius(solid))),
      height_(static_cast<float>(height(solid))),
      sides_(0) {
  const uint8_t* colour = kSolidRgb[static_cast<int>(solid.colour)];
  for (int i = 0; i < 3; ++i) colour_[i] = static_cast<float>(colour[i]) / 255;
  if (solid.shape == SolidShape::kSphere) return;
  const Polygon corners = top_view(solid);
  for (size_t i = 0; i < corners.size(); ++i) {
    const Vec2 edge = corners[(i + 1) % corners.size()] - corners[i];
    const Vec2 normal = (1 / length(edge)) * Vec2{edge.y, -edge.x};
    faces_[sides_] = {static_cast<float>(normal.x), static_cast<float>(normal.y), 0};
    face_distances_[sides_++] = static_cast<float>(dot(normal, corners[i]));
  }
  faces_[sides_] = {0, 0, 1};
  face_distances_[sides_] = height_;
}

Ray3f PlacedSolid::turned(Ray3f d) const {
  return {cosine_ * d.x + sine_ * d.y, cosine_ * d.y - sine_ * d.x, d.z};
}

Ray3f PlacedSolid::to_local(Ray3f point) const {
  return turned({point.x - x_, point.y - y_, point.z});
}

void PlacedSolid::clip(Ray3f from, Ray3f direction, float& enter, float& leave, int& face) const {
  enter = -kFar;
  leave = kFar;
  face = sides_;
  for (int i = 0; i <= sides_; ++i) {
    const float speed = dot3(faces_[i], direction);
    const float gap = face_distances_[i] - dot3(faces_[i], from);
    if (std::abs(speed) < 1e-9f) {
      if (gap < 0) leave = -kFar;
    } else if (speed > 0) {
      leave = std::min(leave, gap / speed);
    } else if (gap / speed > enter) {
      enter = gap / speed;
      face = i;
    }
  }
}

float PlacedSolid::distance(Ray3f from, Ray3f direction) const {
  if (sides_ == 0) {
    const Ray3f relative{from.x - x_, from.y - y_, from.z - radius_};
    const float a = dot3(direction, direction);
    const float b = dot3(relative, direction);
    const float discriminant = b * b - a * (dot3(relative, relative) - radius_ * radius_);
    return discriminant <= 0 ? 0 : (-b - std::sqrt(discriminant)) / a;
  }
  float enter, leave;
  int face;
  const Ray3f d = turned(direction);
  const Ray3f local = to_local(from);
  clip(local, d, enter, leave, face);
  if (d.z < 0) leave = std::min(leave, -local.z / d.z);  // the ground
  return enter < leave ? enter : 0;
}

Ray3f PlacedSolid::round_edges(Ray3f point, int face) const {
  Ray3f normal = faces_[face];
  for (int i = 0; i <= sides_; ++i) {
    if (i == face) continue;
    const float gap = face_distances_[i] - dot3(faces_[i], point);
    const float weight = 0.8f * std::clamp(1 - gap / kRoundedEdge, 0.0f, 1.0f);
    normal = along(normal, weight * weight, faces_[i]);
  }
  return unit(normal);
}

SolidHit PlacedSolid::hit(Ray3f from, Ray3f direction) const {
  SolidHit result;
  result.distance = distance(from, direction);
  if (result.distance <= 0) return result;
  const Ray3f d = turned(direction);
  const Ray3f local = to_local(from);
  result.point = along(local, result.distance, d);
  if (sides_ == 0) {
    result.normal = unit({result.point.x, result.point.y, result.point.z - radius_});
    return result;
  }
  float enter, leave;
  int face;
  clip(local, d, enter, leave, face);
  result.normal = round_edges(result.point, face);
  return result;
}

std::array<float, 3> PlacedSolid::shade(const SolidHit& hit, Ray3f direction) const {
  const Ray3f n = hit.normal;
  const Ray3f d = unit(turned(direction));
  const Ray3f lamp = turned({kLamp[0], kLamp[1], kLamp[2]});
  const Ray3f fill = turned({kFill[0], kFill[1], kFill[2]});
  const float lit = std::max(0.0f, dot3(n, lamp));
  const float filled = std::max(0.0f, dot3(n, fill));
  const Ray3f half = unit({lamp.x - d.x, lamp.y - d.y, lamp.z - d.z});
  const float facing = dot3(n, half);
  // Less light reaches what is near the ground.
  const float open = 0.62f + 0.38f * smooth_step(0, 0.5f * height_, hit.point.z);
  const float ambient = (0.30f + 0.12f * n.z) * open;

  const bool is_metal = solid_.material == SolidMaterial::kMetal;
  float diffuse, white;
  if (is_metal) {
    const float mirrored_z = d.z - 2 * dot3(d, n) * n.z;
    diffuse =
        0.6f * ambient + 0.42f * lit + 0.12f * filled + 0.55f * open * surroundings(mirrored_z);
    const float grazing = power(1 + dot3(d, n), 4);
    white = 0.95f * power(facing, 90) + 0.12f * power(facing, 12) + 0.10f * grazing * open;
  } else {
    diffuse = ambient + 0.78f * lit + 0.22f * filled;
    white = 0.07f * power(facing, 10);
  }
  std::array<float, 3> result;
  for (int i = 0; i < 3; ++i) result[i] = colour_[i] * diffuse + white;
  return result;
}

float PlacedSolid::light_left(float x, float y) const {
  const Ray3f lamp{kLamp[0], kLamp[1], kLamp[2]};
  float hidden;  // share of the lamp
  if (sides_ == 0) {
    const Ray3f relative{x_ - x, y_ - y, radius_};
    const float t = dot3(relative, lamp);
    const float away = std::sqrt(std::max(0.0f, dot3(relative, relative) - t * t));
    hidden = 1 - smooth_step(radius_ - kPenumbra, radius_ + kPenumbra, away);
  } else {
    float enter, leave;
    int face;
    clip(to_local({x, y, 0}), turned(lamp), enter, leave, face);
    enter = std::max(enter, 0.0f);
    hidden = smooth_step(-kPenumbra, 1.5f * kPenumbra, leave - enter);
  }
  const float dx = x - x_, dy = y - y_;
  const float near = (dx * dx + dy * dy) / (radius_ * radius_);
  const float light = 1 - kShadow * hidden;
  if (near > 5) return light;  // the rest would be lost in rounding
  return light * (1 - kContactShadow * std::exp(-0.9f * near * near));
}

Vec2 PlacedSolid::shadow_centre() const {
  const double shift = 0.5 * height_ / kLamp[2];
  return {x_ - shift * kLamp[0], y_ - shift * kLamp[1]};
}

double PlacedSolid::shadow_reach() const {
  return 1.6 * radius_ + 0.5 * height_ + 2 * kPenumbra;
}

}  // namespace mint::envs
