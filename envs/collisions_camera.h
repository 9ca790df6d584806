// The camera that looks down on the plane of a collisions scene (envs/collisions.h).
//
// World: x right, y away from the camera, z up; the ground is z = 0 and the camera looks at its
// origin. Units are those of the scene (an object is about half a unit wide). Pixels: column right,
// row down, centres at .5.
#pragma once

#include "envs/geometry.h"

namespace mint::envs {

struct Vec3 {
  double x = 0;
  double y = 0;
  double z = 0;
};

inline Vec3 operator+(Vec3 a, Vec3 b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vec3 operator-(Vec3 a, Vec3 b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vec3 operator*(double s, Vec3 a) {
  return {s * a.x, s * a.y, s * a.z};
}
inline double dot(Vec3 a, Vec3 b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
Vec3 normalised(Vec3 a);

struct CollisionsCamera {
  double distance = 8;      // from the origin, units
  double pitch_rad = 0.70;  // of the view below the horizon
  double focal_px = 672;
  int width_px = 480;
  int height_px = 320;
};

Vec3 camera_position(const CollisionsCamera& camera);

// Unit vector from the camera through the point (column, row) of the picture.
Vec3 camera_ray(const CollisionsCamera& camera, double column, double row);

// Where that ray meets the ground. The row must lie below the horizon, as all of the picture does
// with the default camera.
Vec2 ground_point(const CollisionsCamera& camera, double column, double row);

struct Projection {
  double column = 0;
  double row = 0;
  double depth = 0;  // along the view, units; not positive behind the camera
};
Projection project(const CollisionsCamera& camera, Vec3 point);

}  // namespace mint::envs
