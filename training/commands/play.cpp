// `mint play`: a window, the keys, the clock, a film; what it shows is in the show_*.cpp files.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <optional>

#include "envs/caption.h"
#include "envs/task.h"
#include "envs/window.h"
#include "training/commands/commands.h"
#include "training/commands/controls.h"
#include "training/commands/film.h"
#include "training/commands/list_environments.h"
#include "training/commands/show.h"
#include "training/config_error.h"
#include "training/interrupt.h"
#include "training/keypoint_view.h"
#include "training/known_task.h"

namespace mint::training {
namespace {

constexpr int kHold_steps = 8;  // for which the end of an episode is shown before the next

// Not a run that is called like one: runs/corner-v2.
bool is_environment(const std::string& what) {
  return is_known_task(what) || (is_environment_name(what) && !std::filesystem::exists(what));
}

// For everything that is none: refuses the options that choose among them.
void require_demonstrations(const PlayOptions& options) {
  if (options.task.empty() && options.episode.empty()) return;
  throw ConfigError("command line: play: --task, --episode: expected a demonstration file, got " +
                    options.what);
}

std::unique_ptr<Show> make_show(const PlayOptions& options) {
  if (is_environment(options.what)) {
    require_demonstrations(options);
    return show_task(options);
  }
  const bool is_file = std::filesystem::is_regular_file(options.what);
  if (!is_file && !std::filesystem::is_directory(options.what)) {
    std::string names;
    for (const auto& task : envs::tasks()) names += (names.empty() ? "" : ", ") + task.name;
    throw ConfigError("command line: play: expected a task (" + names +
                      "), an environment's name, a demonstration file or the run of a policy, got "
                      "\"" +
                      options.what + "\", which is none of them");
  }
  if (!options.by.empty()) {
    throw ConfigError("command line: --by: expected a task to play, got " + options.what);
  }
  if (is_file) return show_demonstrations(options);
  require_demonstrations(options);
  return show_policy(options);
}

// The options with everything that follows from others filled in.
PlayOptions complete(PlayOptions options) {
  if (!is_environment(options.what)) return options;
  if (options.by.empty()) options.by = options.is_headless ? "expert" : "keyboard";
  if (options.is_headless && options.by == "keyboard") {
    throw ConfigError(
        "command line: --headless: expected --by expert, got --by keyboard, which "
        "needs a window");
  }
  return options;
}

Look first_look(const PlayOptions& options) {
  const bool is_named = is_environment(options.what) && is_environment_name(options.what);
  Look look;
  look.cameras =
      cameras_of(options.camera, is_named ? envs::parse_env_name(options.what).preprocessor : "");
  look.shows_masks = options.shows_masks;
  look.shows_text = !options.hides_text;
  return look;
}

enum class Ending { kFinished, kRestarted, kStopped };

class Player {
 public:
  explicit Player(const PlayOptions& options)
      : options_(options), show_(make_show(options)), episodes_(options.episodes) {
    controls_.look = first_look(options);
    controls_.keeps_camera = !options.video.empty();  // a film has one size
    if (!options.video.empty()) film_.emplace(options.video);
    if (!options.is_headless) {
      window_.emplace("mint play " + options.what);
    } else if (episodes_ == 0) {
      episodes_ = show_->episodes();
    }
  }

  void run() {
    while (episodes_ == 0 || finished_ < episodes_) {
      show_->start(finished_);
      const Ending ending = window_ ? play_in_window() : play_headless();
      if (ending == Ending::kStopped) break;
      if (ending == Ending::kFinished) ++finished_;
    }
    if (scores_.size() > 1) {
      const double sum = std::accumulate(scores_.begin(), scores_.end(), 0.0);
      std::printf("%s: mean score %.2f of %zu episodes\n", show_->name().c_str(),
                  sum / static_cast<double>(scores_.size()), scores_.size());
    }
    if (film_) std::printf("%s\n", film_->finish().c_str());
    if (!options_.screenshot.empty()) {
      write_png(options_.screenshot, window_ ? window_->shown() : captioned(envs::kWindowSize_px));
    }
  }

 private:
  Ending play_headless() {
    for (film_moment(); !show_->is_at_end(); film_moment()) {
      if (is_interrupted()) return Ending::kStopped;
      show_->step({});
    }
    report();
    return Ending::kFinished;
  }

  Ending play_in_window() {
    film_moment();
    int held = 0;
    while (true) {
      window_->show(show_->picture(controls_.look), lines());
      window_->pace(options_.steps_per_second);
      const Wishes wishes = controls_.read(*window_);
      if (wishes.stops) return Ending::kStopped;
      if (wishes.restarts) return Ending::kRestarted;
      if (show_->is_at_end()) {
        if (held == 0) report();
        if (++held > kHold_steps && !controls_.is_paused) return Ending::kFinished;
      } else if (!controls_.is_paused || wishes.steps_once) {
        show_->step(held_keys(*window_));
        film_moment();
      }
    }
  }

  void report() {
    std::printf("%s\n", show_->outcome().c_str());
    std::fflush(stdout);
    if (const auto score = show_->score()) scores_.push_back(*score);
    for (int i = 0; film_ && i < kHold_steps; ++i) film_moment();
  }

  std::vector<std::string> lines() const {
    if (!controls_.look.shows_text) return {};
    auto lines = show_->caption();
    if (controls_.is_paused) lines.push_back("paused: P goes on, period steps");
    return lines;
  }

  envs::Image captioned(int height_px) const {
    const envs::Image picture = show_->picture(controls_.look);
    const auto text = controls_.look.shows_text ? show_->caption() : std::vector<std::string>{};
    envs::Image image;
    envs::caption(picture, envs::enlargement(picture, height_px), text, image);
    return image;
  }

  void film_moment() {
    if (film_) film_->take(captioned(envs::kFullSize_px));
  }

  const PlayOptions& options_;
  std::unique_ptr<Show> show_;
  std::optional<envs::Window> window_;  // none when headless
  std::optional<Film> film_;            // none without --video
  Controls controls_;
  int episodes_;  // 0: until the user stops
  int finished_ = 0;
  std::vector<double> scores_;
};

}  // namespace

int play(const PlayOptions& options) {
  if (options.lists) {
    list_environments();
    return 0;
  }
  const InterruptGuard guard;
  const PlayOptions completed = complete(options);
  Player(completed).run();
  return interrupt_exit_code();
}

}  // namespace mint::training
