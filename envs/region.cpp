#include "envs/region.h"

#include <algorithm>

namespace mint::envs {

bool contains(const Region& region, const Pose& pose) {
  return pose.x >= region.x && pose.x <= region.x + region.w && pose.y <= region.y &&
         pose.y >= region.y - region.h;
}

RegionContent goal_content(const Scene& scene, const State& state) {
  const Region& region = scene.regions.at(scene.goal_region);
  RegionContent content;
  for (int i = 0; i < static_cast<int>(state.blocks.size()); ++i) {
    if (!contains(region, state.blocks[i].pose)) continue;
    const auto& targets = scene.targets;
    const bool is_target = std::find(targets.begin(), targets.end(), i) != targets.end();
    ++(is_target ? content.targets : content.distractors);
  }
  return content;
}

double purity(const RegionContent& content) {
  const int all = content.targets + content.distractors;
  return all == 0 ? 1 : 1 - static_cast<double>(content.distractors) / all;
}

}  // namespace mint::envs
