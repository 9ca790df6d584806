// MakeLine: arrange all blocks in one line without large gaps.
//
// Scene: three or four blocks (targets = all of them). The score counts the longest run of blocks
// that lie within 0.18 of a line through two of them, with gaps of at most 0.42 along it: with n
// blocks and m = max(n - 2, 2) it is max(run - m, 0) / (n - m).
#pragma once

#include "envs/task.h"

namespace mint::envs {

inline constexpr double kLineDistance = 0.18;  // of an inlier from the line
inline constexpr double kLineGap = 0.42;       // between neighbours, along the line

TaskSpec make_line();

}  // namespace mint::envs
