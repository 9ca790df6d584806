#include "envs/tasks_make_line.h"

#include <algorithm>
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

// The longest run of sorted coordinates whose neighbours are at most kLineGap apart.
int longest_run(std::vector<double> along) {
  std::sort(along.begin(), along.end());
  int best = 0;
  int run = 0;
  for (size_t i = 0; i < along.size(); ++i) {
    run = i > 0 && along[i] - along[i - 1] <= kLineGap ? run + 1 : 1;
    best = std::max(best, run);
  }
  return best;
}

int longest_line(const std::vector<Vec2>& points) {
  int best = 1;
  for (size_t i = 0; i < points.size(); ++i) {
    for (size_t j = i + 1; j < points.size(); ++j) {
      const Vec2 difference = points[j] - points[i];
      const double distance = length(difference);
      if (distance == 0) continue;  // no line through one point
      const Vec2 direction = (1 / distance) * difference;
      std::vector<double> along;
      for (const Vec2& p : points) {
        if (std::abs(cross(direction, p - points[i])) <= kLineDistance) {
          along.push_back(dot(direction, p - points[i]));
        }
      }
      if (static_cast<int>(along.size()) > best) best = std::max(best, longest_run(along));
    }
  }
  return best;
}

double score_of(const Scene& scene, const State& state) {
  std::vector<Vec2> points;
  for (const int target : scene.targets) {
    const Pose& pose = state.blocks.at(target).pose;
    points.push_back({pose.x, pose.y});
  }
  const int n = static_cast<int>(points.size());
  const int m = std::max(n - 2, 2);
  return std::max(longest_line(points) - m, 0) / static_cast<double>(n - m);
}

}  // namespace

TaskSpec make_line() {
  return {"MakeLine", 180, every_variant(), sample, score_of};
}

}  // namespace mint::envs
