// What the keys of a window mean to `mint play` and `mint record --by keyboard`.
#pragma once

#include "envs/window.h"
#include "envs/world.h"
#include "training/commands/look.h"

namespace mint::training {

// What the keys pressed since the last call of Controls::read() ask for, once.
struct Wishes {
  bool stops = false;       // Escape, the window closed, Ctrl-C
  bool restarts = false;    // R
  bool keeps = false;       // Enter
  bool steps_once = false;  // period, which also pauses
};

// What they change for good: P pauses and goes on, C changes the camera, M the masks, K the
// keypoints.
struct Controls {
  bool is_paused = false;
  bool keeps_camera = false;  // C does nothing
  Look look;

  Wishes read(envs::Window& window);
};

// What the arrows and space, as they are held down, tell the robot.
envs::Command held_keys(const envs::Window& window);

}  // namespace mint::training
