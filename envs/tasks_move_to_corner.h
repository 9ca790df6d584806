// MoveToCorner: bring the block to the top-left corner.
//
// Scene: one block (targets = {0}), drawn over the robot. With d the distance of its centre to
// (-1, 1), the score is clamp((sqrt 2 - d) / (sqrt 2 / 2), 0, 1): 1 for d <= 0.7071.
#pragma once

#include "envs/task.h"

namespace mint::envs {

TaskSpec move_to_corner();

}  // namespace mint::envs
