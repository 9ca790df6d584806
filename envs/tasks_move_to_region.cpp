#include "envs/tasks_move_to_region.h"

#include "envs/placement.h"
#include "envs/region.h"

namespace mint::envs {
namespace {

Scene sample(const std::string& variant, Random& random) {
  const EntityRef region = {EntityKind::kRegion, 0};
  const EntityRef robot = {EntityKind::kRobot, 0};
  Scene scene;
  scene.robot = {0.058, 0.53, -2.13};
  scene.regions = {{Colour::kBlue, -0.62, -0.17, 0.75, 0.76}};
  scene.draw_order = {region, robot};
  scene.goal_region = 0;
  if (variant == "TestJitter") {
    jitter_size(scene.regions[0], random);
    place(scene, {region, robot}, kJitterLimits, random);
  }
  return scene;
}

double score_of(const Scene& scene, const State& state) {
  return contains(scene.regions.at(scene.goal_region), state.robot.pose) ? 1 : 0;
}

}  // namespace

TaskSpec move_to_region() {
  return {"MoveToRegion", 40, {"Demo", "TestJitter"}, sample, score_of};
}

}  // namespace mint::envs
