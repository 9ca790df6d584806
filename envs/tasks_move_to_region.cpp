#include "envs/tasks_move_to_region.h"

#include "envs/placement.h"
#include "envs/region.h"

namespace mint::envs {
namespace {

Scene sample(const Variation& vary, Random& random) {
  Scene scene;
  scene.robot = {0.058, 0.53, -2.13};
  scene.regions = {{Colour::kBlue, -0.62, -0.17, 0.75, 0.76}};
  scene.goal_region = 0;
  scene.draw_order = entities(scene, {EntityKind::kRegion, EntityKind::kRobot});
  if (vary.colour) scene.regions[0].colour = draw_colour(random);
  vary_sizes(scene, vary, random);
  vary_poses(scene, scene.draw_order, vary, random);
  return scene;
}

double score_of(const Scene& scene, const State& state) {
  return contains(scene.regions.at(scene.goal_region), state.robot.pose) ? 1 : 0;
}

}  // namespace

TaskSpec move_to_region() {
  return {"MoveToRegion",
          40,
          {"Demo", "TestJitter", "TestColour", "TestLayout", "TestDynamics", "TestAll"},
          sample,
          score_of};
}

}  // namespace mint::envs
