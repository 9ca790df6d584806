// FindDupe: bring a block that equals the query block to it, into the region.
//
// Scene: one region (goal_region = 0) in the query's colour and blocks: first those outside, a
// duplicate of the query last among them, then the query, inside the region. Targets are the query
// and every block equal to it in colour and shape. With S the blocks in the region, the score is
// [at least 2 targets in S] * (1 - distractors in S / |S|).
#pragma once

#include "envs/task.h"

namespace mint::envs {

// The query's centre stays this far from the border of the region when it is placed.
inline constexpr double kQueryMargin = 0.06;

TaskSpec find_dupe();

}  // namespace mint::envs
