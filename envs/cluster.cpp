#include "envs/cluster.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "envs/geometry.h"
#include "envs/placement.h"

namespace mint::envs {
namespace {

constexpr double kTolerated = 0.75;  // the fraction of right blocks up to which nothing is gained

struct Group {
  Vec2 centroid;
  int count = 0;
};

using Groups = std::array<Group, kColours.size()>;  // as many as there are shapes to draw from

Groups groups_of(const Scene& scene, const State& state, GroupOf group_of) {
  Groups groups;
  for (const int target : scene.targets) {
    const Pose& pose = state.blocks.at(target).pose;
    Group& group = groups.at(group_of(scene.blocks.at(target)));
    group.centroid = group.centroid + Vec2{pose.x, pose.y};
    ++group.count;
  }
  for (Group& group : groups) {
    if (group.count > 0) group.centroid = (1.0 / group.count) * group.centroid;
  }
  return groups;
}

bool is_right(const Pose& point, int own, const Groups& groups) {
  double e = 0;
  double b = INFINITY;
  for (int g = 0; g < static_cast<int>(groups.size()); ++g) {
    if (groups[g].count == 0) continue;
    const Vec2 difference = Vec2{point.x, point.y} - groups[g].centroid;
    const double squared = dot(difference, difference);
    if (g == own) {
      e = squared;
    } else {
      b = std::min(b, squared);
    }
  }
  return std::sqrt(e) < std::sqrt(b) - 2 * e;
}

}  // namespace

Scene sample_cluster_scene(const Pose& robot, const std::vector<Block>& blocks,
                           const Variation& vary, Random& random) {
  Scene scene;
  scene.robot = robot;
  scene.blocks = blocks;
  if (vary.count) scene.blocks.resize(7 + random.below(4));
  for (size_t i = 0; i < scene.blocks.size(); ++i) scene.targets.push_back(static_cast<int>(i));
  if (vary.colour) draw_colours_of_all_four(scene.blocks, random);
  if (vary.shape) draw_shapes_of_all_four(scene.blocks, random);
  scene.draw_order = entities(scene, {EntityKind::kBlock, EntityKind::kRobot});
  vary_poses(scene, entities(scene, {EntityKind::kRobot, EntityKind::kBlock}), vary, random);
  return scene;
}

double cluster_score(const Scene& scene, const State& state, GroupOf group_of) {
  const Groups groups = groups_of(scene, state, group_of);
  int right = 0;
  for (const int target : scene.targets) {
    right += is_right(state.blocks[target].pose, group_of(scene.blocks[target]), groups);
  }
  const double fraction = right / static_cast<double>(scene.targets.size());
  return std::max(fraction - kTolerated, 0.0) / (1 - kTolerated);
}

}  // namespace mint::envs
