// Which bodies are in a goal region: the question that most scores ask.
#pragma once

#include "envs/scene.h"

namespace mint::envs {

// Whether the position of `pose` lies in the closed rectangle.
bool contains(const Region& region, const Pose& pose);

}  // namespace mint::envs
