// One solid of a collisions picture: where rays hit it, how light falls on it and what shadow it
// throws. Internal to envs/collisions_draw.cpp.
#pragma once

#include <array>

#include "envs/collisions.h"

namespace mint::envs {

// Plain floats: millions of these are made for every frame.
struct Ray3f {
  float x = 0, y = 0, z = 0;
};

struct SolidHit {
  float distance = 0;  // in lengths of the ray's direction; not positive: missed
  Ray3f point;         // in the solid's own frame
  Ray3f normal;        // likewise, of unit length; edges of cubes and prisms are rounded
};

class PlacedSolid {
 public:
  PlacedSolid(const Solid& solid, const Pose& pose);

  // Only the distance of the hit, not positive when the ray misses; both in the world's frame.
  float distance(Ray3f from, Ray3f direction) const;

  SolidHit hit(Ray3f from, Ray3f direction) const;

  // RGB in [0, 1] (may be larger) of a hit seen along `direction` of any length.
  std::array<float, 3> shade(const SolidHit& hit, Ray3f direction) const;

  // What its shadow leaves of the light on the ground at (x, y), in [0, 1].
  float light_left(float x, float y) const;

  // The ground outside this square is not darkened.
  Vec2 shadow_centre() const;
  double shadow_reach() const;

 private:
  Ray3f to_local(Ray3f point) const;
  Ray3f turned(Ray3f direction) const;
  Ray3f round_edges(Ray3f point, int face) const;
  // Where the ray, local, is inside all faces: from `enter` to `leave`; `face` is the one entered.
  void clip(Ray3f from, Ray3f direction, float& enter, float& leave, int& face) const;

  Solid solid_;
  float x_, y_, cosine_, sine_;
  float radius_, height_;
  int sides_;                   // of the prism; 0: a ball
  std::array<Ray3f, 7> faces_;  // outward normals: the sides, the top
  std::array<float, 7> face_distances_;
  std::array<float, 3> colour_;
};

}  // namespace mint::envs
