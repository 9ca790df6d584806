// MoveToRegion: drive the robot into the goal region.
//
// Scene: one region (goal_region = 0), no blocks. Score 1 if the robot's centre is in the closed
// rectangle, else 0.
#pragma once

#include "envs/task.h"

namespace mint::envs {

TaskSpec move_to_region();

}  // namespace mint::envs
