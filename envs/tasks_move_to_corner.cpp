#include "envs/tasks_move_to_corner.h"

#include <algorithm>
#include <cmath>

#include "envs/geometry.h"
#include "envs/placement.h"

namespace mint::envs {
namespace {

Scene sample(const std::string& variant, Random& random) {
  const EntityRef robot = {EntityKind::kRobot, 0};
  const EntityRef block = {EntityKind::kBlock, 0};
  Scene scene;
  scene.robot = {0.4, 0, 0.55 * M_PI};
  scene.blocks = {{Shape::kSquare, Colour::kRed, {0.1, -0.65, 0.13 * M_PI}}};
  scene.draw_order = {robot, block};
  scene.targets = {0};
  if (variant == "TestJitter") place(scene, {robot, block}, kJitterLimits, random);
  return scene;
}

double score_of(const Scene& scene, const State& state) {
  const Pose& block = state.blocks.at(scene.targets.at(0)).pose;
  const double distance = length(Vec2{block.x, block.y} - Vec2{-1, 1});
  return std::clamp((M_SQRT2 - distance) / (M_SQRT2 / 2), 0.0, 1.0);
}

}  // namespace

TaskSpec move_to_corner() {
  return {"MoveToCorner", 80, {"Demo", "TestJitter"}, sample, score_of};
}

}  // namespace mint::envs
