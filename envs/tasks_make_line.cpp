#include "envs/tasks_make_line.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "envs/geometry.h"
#include "envs/placement.h"

namespace mint::envs {
namespace {

Scene sample(const Variation& vary, Random& random) {
  Scene scene;
  scene.robot = {0.702, -0.255, 0.347};
  scene.blocks = {{Shape::kStar, Colour::kBlue, {0.790, -0.820, -0.721}},
                  {Shape::kCircle, Colour::kYellow, {-0.177, 0.383, -1.733}},
                  {Shape::kStar, Colour::kRed, {-0.051, -0.128, 2.696}},
                  {Shape::kPentagon, Colour::kGreen, {-0.292, -0.745, -0.159}}};
  if (vary.count) scene.blocks.resize(3 + random.below(2));
  for (size_t i = 0; i < scene.blocks.size(); ++i) scene.targets.push_back(static_cast<int>(i));
  if (vary.colour) draw_colours(scene.blocks, random);
  if (vary.shape) draw_shapes(scene.blocks, random);
  scene.draw_order = entities(scene, {EntityKind::kBlock, EntityKind::kRobot});
  vary_poses(scene, entities(scene, {EntityKind::kRobot, EntityKind::kBlock}), vary, random);
  return scene;
}

Vec2 position(const State& state, int block) {
  const Pose& pose = state.blocks.at(block).pose;
  return {pose.x, pose.y};
}

// Coordinates along a line, of which the first `count` are used.
struct Coordinates {
  std::array<double, kMostBlocks> values;
  int count = 0;
};

// The longest run of coordinates whose neighbours are at most kLineGap apart.
int longest_run(Coordinates along) {
  std::sort(along.values.begin(), along.values.begin() + along.count);
  int best = 0;
  int run = 0;
  for (int i = 0; i < along.count; ++i) {
    run = i > 0 && along.values[i] - along.values[i - 1] <= kLineGap ? run + 1 : 1;
    best = std::max(best, run);
  }
  return best;
}

// Where those points lie that are near the line from `start` in `direction` (length 1).
Coordinates inliers(const Scene& scene, const State& state, Vec2 start, Vec2 direction) {
  Coordinates along;
  for (const int target : scene.targets) {
    const Vec2 offset = position(state, target) - start;
    if (std::abs(cross(direction, offset)) > kLineDistance) continue;
    along.values.at(along.count++) = dot(direction, offset);
  }
  return along;
}

int longest_line(const Scene& scene, const State& state) {
  int best = 1;
  for (size_t i = 0; i < scene.targets.size(); ++i) {
    for (size_t j = i + 1; j < scene.targets.size(); ++j) {
      const Vec2 start = position(state, scene.targets[i]);
      const Vec2 difference = position(state, scene.targets[j]) - start;
      const double distance = length(difference);
      if (distance == 0) continue;  // no line through one point
      const Coordinates along = inliers(scene, state, start, (1 / distance) * difference);
      if (along.count > best) best = std::max(best, longest_run(along));
    }
  }
  return best;
}

double score_of(const Scene& scene, const State& state) {
  const int n = static_cast<int>(scene.targets.size());
  const int m = std::max(n - 2, 2);
  return std::max(longest_line(scene, state) - m, 0) / static_cast<double>(n - m);
}

}  // namespace

TaskSpec make_line() {
  return {"MakeLine", 180, every_variant(), sample, score_of};
}

}  // namespace mint::envs
