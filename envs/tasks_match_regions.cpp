#include "envs/tasks_match_regions.h"

#include "envs/placement.h"
#include "envs/region.h"

namespace mint::envs {
namespace {

std::vector<Colour> colours_without(Colour excluded) {
  std::vector<Colour> others;
  for (const Colour colour : kColours) {
    if (colour != excluded) others.push_back(colour);
  }
  return others;
}

Scene sample(const Variation& vary, Random& random) {
  const Colour target = vary.colour ? draw_colour(random) : Colour::kGreen;
  const std::vector<Colour> others = colours_without(target);
  Scene scene;
  scene.robot = {-0.5, 0.1, -1.2 * M_PI};
  scene.regions = {{target, 0.1, 0.7, 0.6, 0.7}};
  scene.goal_region = 0;
  scene.blocks = {{Shape::kStar, target, {0.8, -0.7, 2.37}},
                  {Shape::kSquare, target, {-0.68, 0.72, 1.28}},
                  {Shape::kPentagon, others[1], {-0.05, -0.2, -1.09}},
                  {Shape::kCircle, others[2], {-0.75, -0.55, 2.78}},
                  {Shape::kPentagon, others[2], {0.3, -0.82, -1.15}}};
  int targets = 2;
  if (vary.count) {  // the layout is free, too: no pose to keep
    targets = 1 + random.below(2);
    scene.blocks.assign(targets, {Shape::kSquare, target, {}});
    for (const Colour other : others) {
      const int count = random.below(3);
      scene.blocks.insert(scene.blocks.end(), count, {Shape::kSquare, other, {}});
    }
  }
  for (int i = 0; i < targets; ++i) scene.targets.push_back(i);
  if (vary.shape) draw_shapes(scene.blocks, random);
  scene.draw_order = entities(scene, {EntityKind::kRegion, EntityKind::kBlock, EntityKind::kRobot});
  vary_sizes(scene, vary, random);
  vary_poses(scene, entities(scene, {EntityKind::kRegion, EntityKind::kRobot, EntityKind::kBlock}),
             vary, random);
  return scene;
}

double score_of(const Scene& scene, const State& state) {
  const RegionContent content = goal_content(scene, state);
  return content.targets / static_cast<double>(scene.targets.size()) * purity(content);
}

}  // namespace

TaskSpec match_regions() {
  return {"MatchRegions", 120, every_variant(), sample, score_of};
}

}  // namespace mint::envs
