#include "envs/tasks_find_dupe.h"

#include "envs/placement.h"
#include "envs/region.h"

namespace mint::envs {
namespace {

std::vector<int> equals_of_last(const std::vector<Block>& blocks) {
  std::vector<int> equals;
  for (size_t i = 0; i < blocks.size(); ++i) {
    const bool is_equal =
        blocks[i].shape == blocks.back().shape && blocks[i].colour == blocks.back().colour;
    if (is_equal) equals.push_back(static_cast<int>(i));
  }
  return equals;
}

Scene sample(const Variation& vary, Random& random) {
  Scene scene;
  scene.robot = {-0.57, 0.25, 3.83};
  scene.regions = {{Colour::kYellow, -0.72, -0.22, 0.72, 0.67}};
  scene.goal_region = 0;
  scene.blocks = {{Shape::kPentagon, Colour::kGreen, {-0.066751, 0.7552, -2.9266}},
                  {Shape::kCircle, Colour::kRed, {-0.05195, 0.31468, 1.5418}},
                  {Shape::kCircle, Colour::kRed, {0.57528, -0.46865, -2.2141}},
                  {Shape::kSquare, Colour::kYellow, {0.40594, -0.74977, 0.24582}},
                  {Shape::kStar, Colour::kBlue, {0.45254, 0.3681, -1.0834}},
                  {Shape::kPentagon, Colour::kYellow, {0.76849, -0.10652, 0.10028}},
                  {Shape::kPentagon, Colour::kYellow, {-0.33, -0.49, -0.51}}};
  // The layout is free, too: no pose to keep.
  if (vary.count) scene.blocks.assign(1 + random.below(5) + 2, Block{});
  const int query = static_cast<int>(scene.blocks.size()) - 1;
  Block& duplicate = scene.blocks[query - 1];
  if (vary.colour) draw_colours(scene.blocks, random);
  if (vary.shape) draw_shapes(scene.blocks, random);
  duplicate.colour = scene.blocks[query].colour;
  duplicate.shape = scene.blocks[query].shape;
  scene.regions[0].colour = scene.blocks[query].colour;
  scene.targets = equals_of_last(scene.blocks);
  scene.draw_order = entities(scene, {EntityKind::kRegion, EntityKind::kBlock, EntityKind::kRobot});
  vary_sizes(scene, vary, random);
  auto outside = entities(scene, {EntityKind::kRegion, EntityKind::kRobot, EntityKind::kBlock});
  outside.pop_back();  // the query
  vary_poses(scene, outside, vary, random, {{EntityKind::kBlock, query}});
  vary_poses_inside(scene, {{query, 0}}, kQueryMargin, vary, random);
  return scene;
}

double score_of(const Scene& scene, const State& state) {
  const RegionContent content = goal_content(scene, state);
  return content.targets >= 2 ? purity(content) : 0;
}

}  // namespace

TaskSpec find_dupe() {
  return {"FindDupe", 100, every_variant(), sample, score_of};
}

}  // namespace mint::envs
