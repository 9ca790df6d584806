// Do two shapes touch? Convex polygons and circles in world coordinates, as the placement of
// entities and the tests on it need it. Touching counts; plain double arithmetic, no simulator.
#pragma once

#include <vector>

#include "envs/geometry.h"

namespace mint::envs {

// A convex polygon, or a circle when `polygon` is empty.
struct Convex {
  Polygon polygon;
  Vec2 centre;  // of the circle
  double radius = 0;
};

bool touch(const Convex& a, const Convex& b);
bool touch(const std::vector<Convex>& a, const std::vector<Convex>& b);  // any part of the other

// Whether any part reaches the walls of the arena [-1, 1] x [-1, 1].
bool touches_wall(const std::vector<Convex>& shape);

// The collision shapes of an entity of `scene` in the world: the robot is its circle and the four
// quads of the fully open fingers, a region its rectangle.
std::vector<Convex> collision_shapes(const Scene& scene, const EntityRef& entity);

}  // namespace mint::envs
