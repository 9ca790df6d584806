// Points and polygons of the plane: what shapes, placement tests and drawing are made of.
#pragma once

#include <vector>

#include "envs/scene.h"

namespace mint::envs {

struct Vec2 {
  double x = 0;
  double y = 0;
};

inline Vec2 operator+(Vec2 a, Vec2 b) {
  return {a.x + b.x, a.y + b.y};
}
inline Vec2 operator-(Vec2 a, Vec2 b) {
  return {a.x - b.x, a.y - b.y};
}
inline Vec2 operator*(double s, Vec2 v) {
  return {s * v.x, s * v.y};
}
inline double dot(Vec2 a, Vec2 b) {
  return a.x * b.x + a.y * b.y;
}
inline double cross(Vec2 a, Vec2 b) {
  return a.x * b.y - a.y * b.x;
}
double length(Vec2 v);

// Corners in counter-clockwise order, not closed.
using Polygon = std::vector<Vec2>;

Vec2 rotate(Vec2 v, double angle);  // R(angle) v

// From the frame of a body at `pose` to the world.
Vec2 to_world(const Pose& pose, Vec2 local);
Polygon to_world(const Pose& pose, const Polygon& local);

// A regular polygon around the origin with its first corner at (0, circumradius).
Polygon regular_polygon(int corners, double circumradius);

// A circle drawn as a polygon whose first corner is at angle 0.
Polygon circle_polygon(int corners, double radius);

// The rectangle [x0, x1] x [y0, y1].
Polygon rectangle(double x0, double y0, double x1, double y1);

}  // namespace mint::envs
