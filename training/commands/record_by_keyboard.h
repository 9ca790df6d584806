// `mint record --by keyboard`: a person drives the robot in a window.
#pragma once

#include "envs/task.h"
#include "training/commands/commands.h"

namespace mint::training {

// An episode has exactly the task's number of steps. Its clock starts with the first key that moves
// the robot. At its end Enter keeps it, whatever its score, and the next scene comes up; before its
// end Enter only says how many steps are missing. R drops the episode and starts the same scene
// again. Each kept episode is on disk before the next one begins. Escape, closing the window and
// Ctrl-C end the recording and drop the episode in hand.
//
// Throws std::runtime_error when there is no display, when the output exists, when an interrupted
// recording of the same name still lies beside it, or when nothing was kept.
int record_by_keyboard(const envs::EnvName& environment, const RecordOptions& options);

}  // namespace mint::training
