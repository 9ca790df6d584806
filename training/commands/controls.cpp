#include "training/commands/controls.h"

#include "training/interrupt.h"

namespace mint::training {

Wishes Controls::read(envs::Window& window) {
  Wishes wishes;
  for (const envs::Key key : window.poll()) {
    wishes.stops |= key == envs::Key::kEscape;
    wishes.restarts |= key == envs::Key::kR;
    wishes.keeps |= key == envs::Key::kReturn;
    if (key == envs::Key::kP) is_paused = !is_paused;
    if (key == envs::Key::kPeriod) wishes.steps_once = is_paused = true;
    if (key == envs::Key::kC && !keeps_camera) look.cameras = next(look.cameras);
    if (key == envs::Key::kM) look.shows_masks = !look.shows_masks;
    if (key == envs::Key::kK) look.shows_keypoints = !look.shows_keypoints;
  }
  wishes.stops |= !window.is_open() || is_interrupted();
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
