// Ctrl-C and SIGTERM as a flag that loops look at, so that they save before they stop.
//
//   InterruptGuard guard;              // in the command, once
//   for (...) { step(); if (is_interrupted()) { save(); throw Interrupted(); } }
//
// The same signal again ends the program at once.
#pragma once

#include <stdexcept>
#include <string>

namespace mint::training {

// True from the first SIGINT or SIGTERM on. Any thread.
bool is_interrupted();

// What the program exits with after saving: 130 for SIGINT, 143 for SIGTERM; 0 without a signal.
int interrupt_exit_code();

// Thrown by loops once everything is saved. Keeps the exit code: when `main` catches it the guard,
// and the flag with it, is gone.
class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(const std::string& what = "interrupted")
      : std::runtime_error(what), exit_code_(interrupt_exit_code()) {}

  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

// Installs the handlers and puts the former ones back. Guards may nest; the outermost counts and
// clears the flag when it goes.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

}  // namespace mint::training
