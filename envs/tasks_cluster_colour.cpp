#include "envs/tasks_cluster_colour.h"

#include "envs/cluster.h"

namespace mint::envs {
namespace {

Scene sample(const Variation& vary, Random& random) {
  const Pose robot = {0.71692, -0.34374, 0.83693};
  const std::vector<Block> blocks = {
      {Shape::kCircle, Colour::kBlue, {-0.5147, 0.14149, -0.38871}},
      {Shape::kStar, Colour::kBlue, {-0.1347, -0.71414, 1.0533}},
      {Shape::kSquare, Colour::kBlue, {-0.74247, -0.097592, 1.1571}},
      {Shape::kPentagon, Colour::kGreen, {-0.077363, -0.42964, -0.64379}},
      {Shape::kPentagon, Colour::kGreen, {0.51978, 0.1853, -1.1762}},
      {Shape::kSquare, Colour::kRed, {-0.5278, -0.21642, 2.9356}},
      {Shape::kStar, Colour::kYellow, {-0.54039, 0.48292, 0.072818}},
      {Shape::kPentagon, Colour::kYellow, {-0.16761, 0.64303, -2.3255}}};
  return sample_cluster_scene(robot, blocks, vary, random);
}

int group_of(const Block& block) {
  return static_cast<int>(block.colour);
}

double score_of(const Scene& scene, const State& state) {
  return cluster_score(scene, state, group_of);
}

}  // namespace

TaskSpec cluster_colour() {
  return {"ClusterColour", 240, every_variant(), sample, score_of};
}

}  // namespace mint::envs
