#include "envs/overlap.h"

#include <algorithm>
#include <cmath>

#include "envs/block_geometry.h"
#include "envs/robot_geometry.h"

namespace mint::envs {
namespace {

struct Interval {
  double low = 0;
  double high = 0;
};

Interval project(const Convex& shape, Vec2 axis) {  // |axis| = 1
  if (shape.polygon.empty()) {
    const double middle = dot(shape.centre, axis);
    return {middle - shape.radius, middle + shape.radius};
  }
  Interval interval = {dot(shape.polygon[0], axis), dot(shape.polygon[0], axis)};
  for (const Vec2& v : shape.polygon) {
    interval.low = std::min(interval.low, dot(v, axis));
    interval.high = std::max(interval.high, dot(v, axis));
  }
  return interval;
}

bool separated(const Convex& a, const Convex& b, Vec2 direction) {
  const double norm = length(direction);
  if (norm == 0) return false;
  const Vec2 axis = (1 / norm) * direction;
  const Interval pa = project(a, axis);
  const Interval pb = project(b, axis);
  return pa.high < pb.low || pb.high < pa.low;
}

bool separated_by_an_edge_of(const Convex& a, const Convex& b) {
  for (size_t i = 0; i < a.polygon.size(); ++i) {
    const Vec2 edge = a.polygon[(i + 1) % a.polygon.size()] - a.polygon[i];
    if (separated(a, b, {edge.y, -edge.x})) return true;
  }
  return false;
}

// A circle is separated from a polygon by an edge or by the direction to the nearest corner.
bool separated_by_a_corner_of(const Convex& polygon, const Convex& circle) {
  for (const Vec2& v : polygon.polygon) {
    if (separated(polygon, circle, v - circle.centre)) return true;
  }
  return false;
}

}  // namespace

bool touch(const Convex& a, const Convex& b) {
  if (a.polygon.empty() && b.polygon.empty()) {
    return length(a.centre - b.centre) <= a.radius + b.radius;
  }
  if (separated_by_an_edge_of(a, b) || separated_by_an_edge_of(b, a)) return false;
  if (b.polygon.empty()) return !separated_by_a_corner_of(a, b);
  if (a.polygon.empty()) return !separated_by_a_corner_of(b, a);
  return true;
}

bool touch(const std::vector<Convex>& a, const std::vector<Convex>& b) {
  for (const Convex& part : a) {
    for (const Convex& other : b) {
      if (touch(part, other)) return true;
    }
  }
  return false;
}

bool touches_wall(const std::vector<Convex>& shape) {
  for (const Convex& part : shape) {
    for (const Vec2 axis : {Vec2{1, 0}, Vec2{0, 1}}) {
      const Interval extent = project(part, axis);
      if (extent.low <= -1 || extent.high >= 1) return true;
    }
  }
  return false;
}

std::vector<Convex> collision_shapes(const Scene& scene, const EntityRef& entity) {
  std::vector<Convex> shapes;
  if (entity.kind == EntityKind::kRegion) {
    const Region& region = scene.regions.at(entity.index);
    shapes.push_back(
        {rectangle(region.x, region.y - region.h, region.x + region.w, region.y), {}, 0});
  } else if (entity.kind == EntityKind::kBlock) {
    const Block& block = scene.blocks.at(entity.index);
    for (const Polygon& part : block_parts(block.shape)) {
      shapes.push_back({to_world(block.pose, part), {}, 0});
    }
    if (shapes.empty()) shapes.push_back({{}, {block.pose.x, block.pose.y}, kBlockSize});
  } else {
    shapes.push_back({{}, {scene.robot.x, scene.robot.y}, kRobotRadius});
    for (const int side : {kLeft, kRight}) {
      const Pose pose = finger_pose(scene.robot, side, -side_sign(side) * kFingerOpen_rad);
      for (const Polygon& quad : finger_outer(side)) {
        shapes.push_back({to_world(pose, quad), {}, 0});
      }
    }
  }
  return shapes;
}

}  // namespace mint::envs
