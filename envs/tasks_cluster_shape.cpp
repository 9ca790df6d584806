#include "envs/tasks_cluster_shape.h"

#include "envs/cluster.h"

namespace mint::envs {
namespace {

Scene sample(const Variation& vary, Random& random) {
  const Pose robot = {0.286, -0.202, -1.878};
  const std::vector<Block> blocks = {{Shape::kSquare, Colour::kYellow, {-0.414, 0.297, -1.731}},
                                     {Shape::kPentagon, Colour::kBlue, {0.068, 0.705, 2.184}},
                                     {Shape::kPentagon, Colour::kRed, {0.821, 0.220, 0.650}},
                                     {Shape::kPentagon, Colour::kRed, {-0.461, -0.749, -2.673}},
                                     {Shape::kCircle, Colour::kGreen, {0.867, -0.149, -2.215}},
                                     {Shape::kStar, Colour::kYellow, {-0.785, -0.140, -0.405}},
                                     {Shape::kStar, Colour::kBlue, {-0.305, -0.226, 1.341}},
                                     {Shape::kCircle, Colour::kGreen, {0.758, -0.708, -2.140}}};
  return sample_cluster_scene(robot, blocks, vary, random);
}

int group_of(const Block& block) {
  return static_cast<int>(block.shape);
}

double score_of(const Scene& scene, const State& state) {
  return cluster_score(scene, state, group_of);
}

}  // namespace

TaskSpec cluster_shape() {
  return {"ClusterShape", 240, every_variant(), sample, score_of};
}

}  // namespace mint::envs
