#include "envs/tasks_fix_colour.h"

#include "envs/placement.h"
#include "envs/region.h"

namespace mint::envs {
namespace {

constexpr SizeRange kSizes = {0.4, 0.5};

// One of the first three colours, moved on by one when it is the colour to differ from. This is not
// uniform over the other three; it is the original's way.
Colour draw_other_colour(Colour colour, Random& random) {
  const int index = random.below(3);
  return kColours[kColours[index] == colour ? index + 1 : index];
}

Scene sample(const Variation& vary, Random& random) {
  Scene scene;
  scene.robot = {0.368, 0.586, 0.718};
  scene.regions = {{Colour::kGreen, -0.032, 0.348, 0.468, 0.427},
                   {Colour::kGreen, 0.019, -0.391, 0.458, 0.460},
                   {Colour::kRed, -0.681, 0.196, 0.418, 0.498}};
  scene.blocks = {{Shape::kPentagon, Colour::kGreen, {0.289, 0.030, 0.307}},
                  {Shape::kSquare, Colour::kGreen, {0.133, -0.561, 1.699}},
                  {Shape::kPentagon, Colour::kBlue, {-0.336, 0, -1.529}}};
  const int pairs = vary.count ? 2 + random.below(2) : 3;
  scene.regions.resize(pairs);
  scene.blocks.resize(pairs);
  std::vector<Inside> inside;
  for (int i = 0; i < pairs; ++i) inside.push_back({i, i});
  for (int i = 0; i < pairs; ++i) scene.targets.push_back(i);
  if (vary.colour) {
    for (Region& region : scene.regions) region.colour = draw_colour(random);
    for (int i = 0; i < pairs; ++i) scene.blocks[i].colour = scene.regions[i].colour;
    Block& odd = scene.blocks[random.below(pairs)];
    odd.colour = draw_other_colour(odd.colour, random);
  }
  if (vary.shape) draw_shapes(scene.blocks, random);
  scene.draw_order = entities(scene, {EntityKind::kRegion, EntityKind::kBlock, EntityKind::kRobot});
  vary_sizes(scene, vary, random, kSizes);
  vary_poses(scene, entities(scene, {EntityKind::kRegion, EntityKind::kRobot}), vary, random,
             entities(scene, {EntityKind::kBlock}));
  vary_poses_inside(scene, inside, kPairMargin, vary, random);
  return scene;
}

// Whether `region` holds what it should: its own block alone, or nothing when the colours differ.
bool is_right(const Scene& scene, const State& state, int region) {
  const int own = scene.targets.at(region);
  const bool keep = scene.blocks.at(own).colour == scene.regions[region].colour;
  for (int i = 0; i < static_cast<int>(state.blocks.size()); ++i) {
    const bool should_be_in = keep && i == own;
    if (contains(scene.regions[region], state.blocks[i].pose) != should_be_in) return false;
  }
  return true;
}

double score_of(const Scene& scene, const State& state) {
  for (size_t i = 0; i < scene.regions.size(); ++i) {
    if (!is_right(scene, state, static_cast<int>(i))) return 0;
  }
  return 1;
}

}  // namespace

TaskSpec fix_colour() {
  return {"FixColour", 60, every_variant(), sample, score_of};
}

}  // namespace mint::envs
