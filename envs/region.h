// Which bodies are in a goal region: the question that most scores ask.
#pragma once

#include "envs/scene.h"

namespace mint::envs {

// Whether the position of `pose` lies in the closed rectangle.
bool contains(const Region& region, const Pose& pose);

// The blocks in the goal region of `scene`, those of `scene.targets` apart from all the others.
struct RegionContent {
  int targets = 0;
  int distractors = 0;
};
RegionContent goal_content(const Scene& scene, const State& state);

// The fraction of the blocks in the region that belong there; 1 when it is empty.
double purity(const RegionContent& content);

}  // namespace mint::envs
