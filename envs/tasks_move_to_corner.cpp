#include "envs/tasks_move_to_corner.h"

#include <algorithm>
#include <cmath>

#include "envs/geometry.h"
#include "envs/placement.h"

namespace mint::envs {
namespace {

Scene sample(const Variation& vary, Random& random) {
  Scene scene;
  scene.robot = {0.4, 0, 0.55 * M_PI};
  scene.blocks = {{Shape::kSquare, Colour::kRed, {0.1, -0.65, 0.13 * M_PI}}};
  scene.targets = {0};
  scene.draw_order = entities(scene, {EntityKind::kRobot, EntityKind::kBlock});
  if (vary.colour) draw_colours(scene.blocks, random);
  if (vary.shape) draw_shapes(scene.blocks, random);
  Variation never_free = vary;  // there is no TestLayout, and TestAll jitters
  never_free.layout = false;
  vary_poses(scene, scene.draw_order, never_free, random);
  return scene;
}

double score_of(const Scene& scene, const State& state) {
  const Pose& block = state.blocks.at(scene.targets.at(0)).pose;
  const double distance = length(Vec2{block.x, block.y} - Vec2{-1, 1});
  return std::clamp((M_SQRT2 - distance) / (M_SQRT2 / 2), 0.0, 1.0);
}

}  // namespace

TaskSpec move_to_corner() {
  return {"MoveToCorner",
          80,
          {"Demo", "TestJitter", "TestColour", "TestShape", "TestDynamics", "TestAll"},
          sample,
          score_of};
}

}  // namespace mint::envs
