// FixColour: take the one block out of its region whose colour is not the region's.
//
// Scene: two or three regions with a block in each (targets[i] = the block of region i). Score 1 if
// every region whose block has its colour holds exactly that block and the others are empty, else
// 0.
#pragma once

#include "envs/task.h"

namespace mint::envs {

// A block's centre stays this far from the border of its region when it is placed.
inline constexpr double kPairMargin = 0.12;

TaskSpec fix_colour();

}  // namespace mint::envs
