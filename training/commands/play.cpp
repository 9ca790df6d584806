// `mint play`: a window, the keys, the clock; what it shows is in the show_*.cpp files.
#include <cstdio>
#include <filesystem>

#include "envs/task.h"
#include "envs/window.h"
#include "training/commands/commands.h"
#include "training/commands/show.h"
#include "training/config_error.h"
#include "training/interrupt.h"
#include "training/keypoint_view.h"
#include "training/known_task.h"

namespace mint::training {
namespace {

constexpr int kHold_steps = 8;  // for which the end of an episode is shown before the next

std::unique_ptr<Show> make_show(const PlayOptions& options) {
  if (is_known_task(options.what)) return show_task(options);
  if (std::filesystem::is_regular_file(options.what)) return show_demonstrations(options);
  if (std::filesystem::is_directory(options.what)) return show_policy(options);
  std::string names;
  for (const auto& task : envs::tasks()) names += (names.empty() ? "" : ", ") + task.name;
  throw ConfigError("command line: play: expected a task (" + names +
                    "), a demonstration file or the run of a policy, got \"" + options.what +
                    "\", which is none of them");
}

envs::Command held_keys(const envs::Window& window) {
  const auto down = [&](envs::Key key) { return window.is_down(key) ? 1 : 0; };
  envs::Command command;
  command.drive = down(envs::Key::kUp) - down(envs::Key::kDown);
  command.turn = down(envs::Key::kLeft) - down(envs::Key::kRight);
  command.closed = window.is_down(envs::Key::kSpace);
  return command;
}

// What the keys pressed since the last step ask for.
struct Wishes {
  bool stops = false;
  bool restarts = false;
  bool steps_once = false;
};

enum class Ending { kFinished, kRestarted, kStopped };

class Player {
 public:
  explicit Player(const PlayOptions& options)
      : options_(options), show_(make_show(options)), window_("mint play " + options.what) {}

  void run() {
    int finished = 0;
    for (int index = 0; options_.episodes == 0 || finished < options_.episodes; ++index) {
      const Ending ending = play_episode(index);
      if (ending == Ending::kStopped) break;
      if (ending == Ending::kFinished) ++finished;
    }
    if (!options_.screenshot.empty()) write_png(options_.screenshot, window_.shown());
  }

 private:
  Ending play_episode(int index) {
    show_->start(index);
    int held = 0;
    while (true) {
      put_up();
      window_.pace(options_.steps_per_second);
      const Wishes wishes = read_keys();
      if (wishes.stops) return Ending::kStopped;
      if (wishes.restarts) return Ending::kRestarted;
      if (show_->is_at_end()) {
        if (held == 0) std::printf("%s\n", show_->outcome().c_str());
        if (++held > kHold_steps && !is_paused_) return Ending::kFinished;
      } else if (!is_paused_ || wishes.steps_once) {
        show_->step(held_keys(window_));
      }
    }
  }

  void put_up() {
    auto lines = show_->caption();
    if (is_paused_) lines.push_back("paused: P goes on, period steps");
    window_.show(show_->picture(), lines);
  }

  Wishes read_keys() {
    Wishes wishes;
    for (const envs::Key key : window_.poll()) {
      wishes.stops |= key == envs::Key::kEscape;
      wishes.restarts |= key == envs::Key::kR;
      if (key == envs::Key::kP) is_paused_ = !is_paused_;
      if (key == envs::Key::kPeriod) wishes.steps_once = is_paused_ = true;
    }
    wishes.stops |= !window_.is_open() || is_interrupted();
    return wishes;
  }

  const PlayOptions& options_;
  std::unique_ptr<Show> show_;
  envs::Window window_;
  bool is_paused_ = false;
};

}  // namespace

int play(const PlayOptions& options) {
  const InterruptGuard guard;
  Player(options).run();
  return interrupt_exit_code();
}

}  // namespace mint::training
