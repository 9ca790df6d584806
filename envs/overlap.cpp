#include "envs/overlap.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "envs/block_geometry.h"
#include "envs/robot_geometry.h"

namespace mint::envs {
namespace {

// Circles around polygons are this much too large, so that rounding never hides a contact.
constexpr double kSlack = 1e-9;

double squared(Vec2 v) {
  return dot(v, v);
}

bool are_circles_apart(Vec2 a, double radius_a, Vec2 b, double radius_b) {
  const double reach = radius_a + radius_b;
  return squared(a - b) > reach * reach;
}

// Whether an edge of `a` has all of `b` on its outer side.
bool is_separated_by_an_edge_of(const Convex& a, const Convex& b) {
  for (int i = 0; i < a.corner_count; ++i) {
    const Vec2 corner = a.corners[i];
    const Vec2 edge = a.corners[i + 1 < a.corner_count ? i + 1 : 0] - corner;
    const Vec2 outwards = {edge.y, -edge.x};
    bool is_outside = true;
    for (int k = 0; k < b.corner_count && is_outside; ++k) {
      is_outside = dot(outwards, b.corners[k] - corner) > 0;
    }
    if (is_outside) return true;
  }
  return false;
}

bool polygon_touches_circle(const Convex& polygon, const Convex& circle) {
  bool is_inside = true;
  for (int i = 0; i < polygon.corner_count; ++i) {
    const Vec2 corner = polygon.corners[i];
    const Vec2 edge = polygon.corners[i + 1 < polygon.corner_count ? i + 1 : 0] - corner;
    const Vec2 to_centre = circle.centre - corner;
    if (cross(edge, to_centre) < 0) is_inside = false;
    const double along = std::clamp(dot(to_centre, edge) / squared(edge), 0.0, 1.0);
    if (squared(to_centre - along * edge) <= circle.radius * circle.radius) return true;
  }
  return is_inside;
}

void append(CollisionShape& shape, const Convex& part) {
  shape.parts.at(shape.part_count++) = part;
  shape.radius = std::max(shape.radius, length(part.centre - shape.centre) + part.radius);
}

// In the block's own frame.
CollisionShape local_block(Shape shape) {
  CollisionShape result;
  for (const Polygon& part : block_parts(shape)) append(result, convex_polygon(part));
  if (result.part_count == 0) append(result, convex_circle({0, 0}, kBlockSize));
  return result;
}

// In the main body's frame.
CollisionShape local_robot() {
  CollisionShape result;
  append(result, convex_circle({0, 0}, kRobotRadius));
  for (const int side : {kLeft, kRight}) {
    const Pose finger = finger_pose(Pose{}, side, -side_sign(side) * kFingerOpen_rad);
    for (const Polygon& quad : finger_outer(side)) {
      append(result, convex_polygon(to_world(finger, quad)));
    }
  }
  return result;
}

template <size_t... I>
std::array<CollisionShape, sizeof...(I)> local_blocks(std::index_sequence<I...>) {
  return {local_block(static_cast<Shape>(I))...};
}

CollisionShape moved(const CollisionShape& local, const Pose& pose) {
  const double c = std::cos(pose.angle);
  const double s = std::sin(pose.angle);
  const auto move = [&](Vec2 v) {
    return Vec2{pose.x + c * v.x - s * v.y, pose.y + s * v.x + c * v.y};
  };
  CollisionShape world;
  world.part_count = local.part_count;
  world.centre = move(local.centre);
  world.radius = local.radius;
  for (int i = 0; i < local.part_count; ++i) {
    const Convex& from = local.parts[i];
    Convex& to = world.parts[i];
    to.corner_count = from.corner_count;
    to.centre = move(from.centre);
    to.radius = from.radius;
    for (int k = 0; k < from.corner_count; ++k) to.corners[k] = move(from.corners[k]);
  }
  return world;
}

CollisionShape rectangle_shape(const Region& region) {
  CollisionShape shape;
  shape.centre = {region.x + region.w / 2, region.y - region.h / 2};
  append(shape,
         convex_polygon(rectangle(region.x, region.y - region.h, region.x + region.w, region.y)));
  return shape;
}

bool is_within_walls(const Convex& part) {
  if (part.corner_count == 0) {
    return std::abs(part.centre.x) + part.radius < 1 && std::abs(part.centre.y) + part.radius < 1;
  }
  return std::all_of(part.corners.begin(), part.corners.begin() + part.corner_count,
                     [](Vec2 v) { return std::abs(v.x) < 1 && std::abs(v.y) < 1; });
}

}  // namespace

Convex convex_circle(Vec2 centre, double radius) {
  Convex convex;
  convex.centre = centre;
  convex.radius = radius;
  return convex;
}

Convex convex_polygon(const Polygon& corners) {
  assert(corners.size() >= 3);
  Convex convex;
  for (const Vec2& corner : corners) {
    convex.corners.at(convex.corner_count++) = corner;
    convex.centre = convex.centre + (1.0 / static_cast<double>(corners.size())) * corner;
  }
  for (const Vec2& corner : corners) {
    convex.radius = std::max(convex.radius, length(corner - convex.centre) + kSlack);
  }
  return convex;
}

CollisionShape collision_shape(const Scene& scene, const EntityRef& entity) {
  static const CollisionShape robot = local_robot();
  static const auto blocks = local_blocks(std::make_index_sequence<kShapeCount>());
  switch (entity.kind) {
    case EntityKind::kRegion:
      return rectangle_shape(scene.regions.at(entity.index));
    case EntityKind::kBlock: {
      const Block& block = scene.blocks.at(entity.index);
      return moved(blocks.at(static_cast<size_t>(block.shape)), block.pose);
    }
    case EntityKind::kRobot:
      break;
  }
  return moved(robot, scene.robot);
}

bool touch(const Convex& a, const Convex& b) {
  if (are_circles_apart(a.centre, a.radius, b.centre, b.radius)) return false;
  if (a.corner_count == 0 && b.corner_count == 0) return true;
  if (b.corner_count == 0) return polygon_touches_circle(a, b);
  if (a.corner_count == 0) return polygon_touches_circle(b, a);
  return !is_separated_by_an_edge_of(a, b) && !is_separated_by_an_edge_of(b, a);
}

bool touch(const CollisionShape& a, const CollisionShape& b) {
  if (are_circles_apart(a.centre, a.radius, b.centre, b.radius)) return false;
  for (int i = 0; i < a.part_count; ++i) {
    for (int k = 0; k < b.part_count; ++k) {
      if (touch(a.parts[i], b.parts[k])) return true;
    }
  }
  return false;
}

bool touches_wall(const CollisionShape& shape) {
  return !std::all_of(shape.parts.begin(), shape.parts.begin() + shape.part_count, is_within_walls);
}

}  // namespace mint::envs
