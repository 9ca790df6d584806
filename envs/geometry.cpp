#include "envs/geometry.h"

#include <cmath>

namespace mint::envs {

double length(Vec2 v) {
  return std::sqrt(dot(v, v));
}

Vec2 rotate(Vec2 v, double angle) {
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  return {c * v.x - s * v.y, s * v.x + c * v.y};
}

Vec2 to_world(const Pose& pose, Vec2 local) {
  return Vec2{pose.x, pose.y} + rotate(local, pose.angle);
}

Polygon to_world(const Pose& pose, const Polygon& local) {
  const double c = std::cos(pose.angle);
  const double s = std::sin(pose.angle);
  Polygon world;
  world.reserve(local.size());
  for (const Vec2& v : local) {
    world.push_back({pose.x + c * v.x - s * v.y, pose.y + s * v.x + c * v.y});
  }
  return world;
}

Polygon regular_polygon(int corners, double circumradius) {
  Polygon polygon;
  for (int k = 0; k < corners; ++k) {
    polygon.push_back(rotate({0, circumradius}, 2 * M_PI * k / corners));
  }
  return polygon;
}

Polygon circle_polygon(int corners, double radius) {
  Polygon polygon;
  for (int k = 0; k < corners; ++k) {
    polygon.push_back(rotate({radius, 0}, 2 * M_PI * k / corners));
  }
  return polygon;
}

Polygon rectangle(double x0, double y0, double x1, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

}  // namespace mint::envs
