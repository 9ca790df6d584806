// An SDL window that shows RGB images, scaled up, with lines of text over them, and reports keys.
// `mint play` and `mint record --by keyboard` use it; nothing else needs a display.
//
// Use it from one thread only, and one window at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "envs/image.h"

namespace mint::envs {

enum class Key {
  kUp,
  kDown,
  kLeft,
  kRight,
  kSpace,
  kEscape,
  kReturn,  // the keypad's, too
  kPeriod,
  kC,
  kK,
  kM,
  kP,
  kR
};
inline constexpr int kKeys = 13;

inline constexpr int kWindowSize_px = 768;

class Window {
 public:
  // Opens a square window. Throws std::runtime_error when there is no display. SDL's "dummy" and
  // "offscreen" drivers, which show nothing, are taken only when the environment variable
  // SDL_VIDEODRIVER asks for them.
  explicit Window(const std::string& title, int size_px = kWindowSize_px);
  ~Window();

  // Shows an image, each pixel enlarged to the least whole factor with which it is as high as the
  // window was opened, and `lines` in the upper left corner. When the shape of the image differs
  // from the one before, so does the window's; the screen limits it. Throws std::invalid_argument
  // for an empty image.
  void show(const Image& image, const std::vector<std::string>& lines = {});

  // What the last show() put up, before it was fitted to the window.
  const Image& shown() const;

  // Takes the events that have come in; returns the keys pressed since the last call, in order.
  // Keys repeated by holding them are not reported again.
  std::vector<Key> poll();

  // As of the last poll(): whether the key is down, or was pressed and released since the poll
  // before (so that a short tap is not lost).
  bool is_down(Key key) const;

  // False once the user has closed the window (it stays on screen until this object goes).
  bool is_open() const;

  // Sleeps until 1 / fps seconds after the previous call returned; returns at once when late.
  void pace(double fps);

 private:
  struct Display;
  std::unique_ptr<Display> display_;
};

}  // namespace mint::envs
