// MatchRegions: gather all blocks of the region's colour in it, and no others.
//
// Scene: one region (goal_region = 0) and blocks: first the targets, which have its colour, then
// the distractors, colour by colour. With S the blocks in the region, the score is
// (targets in S / targets) * (1 - distractors in S / |S|); the second factor is 1 if S is empty.
#pragma once

#include "envs/task.h"

namespace mint::envs {

TaskSpec match_regions();

}  // namespace mint::envs
