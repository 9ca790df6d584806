// What the keys of a window mean to `mint play` and `mint record --by keyboard`.
#pragma once

#include <vector>

#include "envs/window.h"
#include "envs/world.h"
#include "training/commands/look.h"

namespace mint::training {

// What a key asks for, once.
struct Wishes {
  bool stops = false;       // Escape, the window closed, Ctrl-C
  bool restarts = false;    // R
  bool keeps = false;       // Enter
  bool steps_once = false;  // period, which also pauses
};

// What keys change for good: P pauses and goes on, C changes the camera, M the masks, K the
// keypoints.
struct Controls {
  bool is_paused = false;
  bool keeps_camera = false;  // C does nothing
  Look look;

  // Takes up the next key, one a call: between two keys a frame is shown, so none is overlooked,
  // however quickly they are typed.
  Wishes read(envs::Window& window);

 private:
  std::vector<envs::Key> waiting_;  // the oldest first
};

// What the arrows and space, as they are held down, tell the robot.
envs::Command held_keys(const envs::Window& window);

}  // namespace mint::training
