#include "training/commands/controls.h"

#include "training/interrupt.h"

namespace mint::training {

Wishes Controls::read(envs::Window& window) {
  for (const envs::Key key : window.poll()) {
    if (key > envs::Key::kSpace) waiting_.push_back(key);  // those before are held, not typed
  }
  Wishes wishes;
  wishes.stops = !window.is_open() || is_interrupted();
  if (waiting_.empty()) return wishes;
  const envs::Key key = waiting_.front();
  waiting_.erase(waiting_.begin());
  switch (key) {
    case envs::Key::kEscape:
      wishes.stops = true;
      break;
    case envs::Key::kR:
      wishes.restarts = true;
      break;
    case envs::Key::kReturn:
      wishes.keeps = true;
      break;
    case envs::Key::kPeriod:
      wishes.steps_once = is_paused = true;
      break;
    case envs::Key::kP:
      is_paused = !is_paused;
      break;
    case envs::Key::kC:
      if (!keeps_camera) look.cameras = next(look.cameras);
      break;
    case envs::Key::kM:
      look.shows_masks = !look.shows_masks;
      break;
    case envs::Key::kK:
      look.shows_keypoints = !look.shows_keypoints;
      break;
    default:
      break;
  }
  return wishes;
}

envs::Command held_keys(const envs::Window& window) {
  const auto down = [&](envs::Key key) { return window.is_down(key) ? 1 : 0; };
  envs::Command command;
  command.drive = down(envs::Key::kUp) - down(envs::Key::kDown);
  command.turn = down(envs::Key::kLeft) - down(envs::Key::kRight);
  command.closed = window.is_down(envs::Key::kSpace);
  return command;
}

}  // namespace mint::training
