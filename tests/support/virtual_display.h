// A screen in memory (Xvfb) and somebody who presses keys (xdotool).
#pragma once

#include <string>
#include <vector>

namespace mint::tests {

class VirtualDisplay {
 public:
  // Whether Xvfb and xdotool are installed.
  static bool is_available();

  VirtualDisplay();   // throws std::runtime_error when Xvfb does not start
  ~VirtualDisplay();  // ends it
  VirtualDisplay(const VirtualDisplay&) = delete;
  VirtualDisplay& operator=(const VirtualDisplay&) = delete;

  // What a program needs to open its windows here, for run_mint() and start_mint().
  std::vector<std::string> variables() const;

  // Runs one xdotool, "key p key r keydown Up"; true when it succeeded.
  bool act(const std::string& commands) const;

  // Waits up to 20 s for a window with this in its title; then it has the keyboard.
  bool wait_for_window(const std::string& title) const;

 private:
  int process_ = -1;
  std::string display_;  // ":93"
};

}  // namespace mint::tests

// Skips the current test where there is no such screen.
#define MINT_NEEDS_DISPLAY()                                                          \
  if (!mint::tests::VirtualDisplay::is_available()) {                                 \
    GTEST_SKIP() << "Xvfb or xdotool is missing; apt-get install xvfb xauth xdotool"; \
  }
