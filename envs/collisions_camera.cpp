#include "envs/collisions_camera.h"

#include <cmath>

namespace mint::envs {
namespace {

struct Axes {
  Vec3 right, down, forward;
};

Axes axes(const CollisionsCamera& camera) {
  const double sine = std::sin(camera.pitch_rad), cosine = std::cos(camera.pitch_rad);
  return {{1, 0, 0}, {0, -sine, -cosine}, {0, cosine, -sine}};
}

}  // namespace

Vec3 normalised(Vec3 a) {
  return (1 / std::sqrt(dot(a, a))) * a;
}

Vec3 camera_position(const CollisionsCamera& camera) {
  return -camera.distance * axes(camera).forward;
}

Vec3 camera_ray(const CollisionsCamera& camera, double column, double row) {
  const Axes axis = axes(camera);
  return normalised(camera.focal_px * axis.forward + (column - camera.width_px / 2.0) * axis.right +
                    (row - camera.height_px / 2.0) * axis.down);
}

Vec2 ground_point(const CollisionsCamera& camera, double column, double row) {
  const Vec3 from = camera_position(camera);
  const Vec3 along = camera_ray(camera, column, row);
  const Vec3 point = from + (-from.z / along.z) * along;
  return {point.x, point.y};
}

Projection project(const CollisionsCamera& camera, Vec3 point) {
  const Axes axis = axes(camera);
  const Vec3 seen = point - camera_position(camera);
  Projection result;
  result.depth = dot(seen, axis.forward);
  result.column = camera.width_px / 2.0 + camera.focal_px * dot(seen, axis.right) / result.depth;
  result.row = camera.height_px / 2.0 + camera.focal_px * dot(seen, axis.down) / result.depth;
  return result;
}

}  // namespace mint::envs
