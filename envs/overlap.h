// Do two entities touch? Unions of convex polygons and circles in world coordinates, as the
// placement of entities and the tests on it need it. Touching counts; plain double arithmetic, no
// simulator, no allocation: placement asks some hundred times for one scene.
#pragma once

#include <array>

#include "envs/geometry.h"

namespace mint::envs {

// A convex polygon, or a circle when it has no corners.
struct Convex {
  std::array<Vec2, 8> corners;  // counter-clockwise
  int corner_count = 0;
  Vec2 centre;        // of the circle, or of one around the polygon
  double radius = 0;  // likewise
};
Convex convex_circle(Vec2 centre, double radius);
Convex convex_polygon(const Polygon& corners);  // counter-clockwise, convex, at most eight

// All that collides of one entity.
struct CollisionShape {
  std::array<Convex, 5> parts;
  int part_count = 0;
  Vec2 centre;  // of a circle around all parts
  double radius = 0;
};

// The shape of an entity of `scene` in the world: the robot is its circle and the four quads of the
// fully open fingers, a region its rectangle.
CollisionShape collision_shape(const Scene& scene, const EntityRef& entity);

bool touch(const Convex& a, const Convex& b);
bool touch(const CollisionShape& a, const CollisionShape& b);  // any part of a any part of b

// Whether any part reaches the walls of the arena [-1, 1] x [-1, 1].
bool touches_wall(const CollisionShape& shape);

}  // namespace mint::envs
