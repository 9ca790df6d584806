#include "envs/placement.h"

#include <algorithm>
#include <stdexcept>

#include "envs/overlap.h"
#include "envs/region.h"

namespace mint::envs {
namespace {

constexpr int kTries = 10000;  // per entity
constexpr int kRestarts = 10;  // of the whole list

bool contains(const std::vector<EntityRef>& list, const EntityRef& entity) {
  return std::any_of(list.begin(), list.end(), [&](const EntityRef& e) {
    return e.kind == entity.kind && e.index == entity.index;
  });
}

Pose pose_of(const Scene& scene, const EntityRef& entity) {
  if (entity.kind == EntityKind::kRobot) return scene.robot;
  if (entity.kind == EntityKind::kBlock) return scene.blocks.at(entity.index).pose;
  const Region& region = scene.regions.at(entity.index);
  return {region.x + region.w / 2, region.y - region.h / 2, 0};
}

void set_pose(Scene& scene, const EntityRef& entity, const Pose& pose) {
  if (entity.kind == EntityKind::kRobot) {
    scene.robot = pose;
  } else if (entity.kind == EntityKind::kBlock) {
    scene.blocks.at(entity.index).pose = pose;
  } else {
    Region& region = scene.regions.at(entity.index);
    region.x = pose.x - region.w / 2;
    region.y = pose.y + region.h / 2;
  }
}

double draw_coordinate(double before, double limit, Random& random) {
  return random.uniform(std::max(-1.0, before - limit), std::min(1.0, before + limit));
}

double draw_angle(double before, double limit, Random& random) {
  if (std::isinf(limit)) return random.uniform(-M_PI, M_PI);
  return random.uniform(before - limit, before + limit);
}

bool place_one(Scene& scene, const EntityRef& entity, const PlacementLimits& limits, Random& random,
               const std::vector<CollisionShape>& obstacles) {
  const Pose before = pose_of(scene, entity);
  for (int i = 0; i < kTries; ++i) {
    Pose pose = before;
    pose.x = draw_coordinate(before.x, limits.position, random);
    pose.y = draw_coordinate(before.y, limits.position, random);
    if (entity.kind != EntityKind::kRegion) {
      pose.angle = draw_angle(before.angle, limits.rotation_rad, random);
    }
    set_pose(scene, entity, pose);
    const CollisionShape shape = collision_shape(scene, entity);
    const auto is_hit = [&](const CollisionShape& obstacle) { return touch(shape, obstacle); };
    const bool is_free =
        !touches_wall(shape) && std::none_of(obstacles.begin(), obstacles.end(), is_hit);
    if (is_free) return true;
  }
  return false;
}

PlacementLimits limits_of(const Variation& vary) {
  return vary.layout ? PlacementLimits{} : kJitterLimits;
}

}  // namespace

void place(Scene& scene, const std::vector<EntityRef>& entities, const PlacementLimits& limits,
           Random& random, const std::vector<EntityRef>& ignored) {
  std::vector<CollisionShape> fixed;
  for (const EntityRef& other :
       envs::entities(scene, {EntityKind::kRegion, EntityKind::kBlock, EntityKind::kRobot})) {
    if (!contains(entities, other) && !contains(ignored, other)) {
      fixed.push_back(collision_shape(scene, other));
    }
  }
  const Scene before = scene;
  for (int restart = 0; restart <= kRestarts; ++restart) {
    scene = before;
    std::vector<CollisionShape> obstacles = fixed;
    const bool placed = std::all_of(entities.begin(), entities.end(), [&](const EntityRef& entity) {
      if (!place_one(scene, entity, limits, random, obstacles)) return false;
      obstacles.push_back(collision_shape(scene, entity));
      return true;
    });
    if (placed) return;
  }
  throw std::runtime_error("place: entities: expected room for every one, got none after " +
                           std::to_string(kRestarts) + " restarts");
}

void jitter_size(Region& region, Random& random, const SizeRange& range) {
  for (double* side : {&region.w, &region.h}) {
    *side = random.uniform(std::max(range.low, *side - kJitterSize),
                           std::min(range.high, *side + kJitterSize));
  }
}

void vary_sizes(Scene& scene, const Variation& vary, Random& random, const SizeRange& range) {
  for (Region& region : scene.regions) {
    if (vary.layout) {
      region.w = random.uniform(range.low, range.high);
      region.h = random.uniform(range.low, range.high);
    } else if (vary.jitter) {
      jitter_size(region, random, range);
    }
  }
}

void vary_poses(Scene& scene, const std::vector<EntityRef>& entities, const Variation& vary,
                Random& random, const std::vector<EntityRef>& ignored) {
  if (vary.layout || vary.jitter) place(scene, entities, limits_of(vary), random, ignored);
}

void jitter_poses(Scene& scene, const PlacementLimits& limits, Random& random) {
  std::vector<Inside> inside;
  std::vector<EntityRef> outside = entities(scene, {EntityKind::kRobot});
  std::vector<EntityRef> blocks_inside;
  for (const EntityRef& block : entities(scene, {EntityKind::kBlock})) {
    const auto region =
        std::find_if(scene.regions.begin(), scene.regions.end(),
                     [&](const Region& r) { return contains(r, scene.blocks[block.index].pose); });
    if (region == scene.regions.end()) {
      outside.push_back(block);
    } else {
      inside.push_back({block.index, static_cast<int>(region - scene.regions.begin())});
      blocks_inside.push_back(block);
    }
  }
  const Scene before = scene;
  place(scene, entities(scene, {EntityKind::kRegion}), limits, random,
        entities(scene, {EntityKind::kBlock, EntityKind::kRobot}));
  for (const Inside& pair : inside) {
    const EntityRef region = {EntityKind::kRegion, pair.region};
    scene.blocks[pair.block].pose.x += pose_of(scene, region).x - pose_of(before, region).x;
    scene.blocks[pair.block].pose.y += pose_of(scene, region).y - pose_of(before, region).y;
  }
  place(scene, outside, limits, random, blocks_inside);
  for (const Inside& pair : inside) {
    place(scene, {{EntityKind::kBlock, pair.block}}, limits, random,
          {{EntityKind::kRegion, pair.region}});
  }
}

void vary_poses_inside(Scene& scene, const std::vector<Inside>& blocks, double margin,
                       const Variation& vary, Random& random) {
  if (!vary.layout && !vary.jitter) return;
  for (const Inside& inside : blocks) {
    const Pose centre = pose_of(scene, {EntityKind::kRegion, inside.region});
    scene.blocks.at(inside.block).pose.x = centre.x;
    scene.blocks.at(inside.block).pose.y = centre.y;
  }
  for (const Inside& inside : blocks) {
    const Region& region = scene.regions.at(inside.region);
    PlacementLimits limits = limits_of(vary);
    const double room = std::max(0.0, std::min(region.w, region.h) / 2 - margin);
    limits.position = std::min(limits.position, room);
    place(scene, {{EntityKind::kBlock, inside.block}}, limits, random,
          {{EntityKind::kRegion, inside.region}});
  }
}

}  // namespace mint::envs
