#include "training/commands/record_by_keyboard.h"

#include <cstdio>
#include <stdexcept>

#include "envs/window.h"
#include "training/commands/controls.h"
#include "training/commands/look.h"
#include "training/commands/show_caption.h"
#include "training/demonstration_output.h"
#include "training/interrupt.h"
#include "training/recording.h"

namespace mint::training {
namespace {

class KeyboardRecording {
 public:
  KeyboardRecording(const envs::EnvName& environment, const RecordOptions& options)
      : options_(options),
        environment_(environment),
        recorder_(environment.task, environment.variant),
        output_(options.output),
        window_("mint record " + environment.task) {
    controls_.look.cameras = cameras_of(options.camera, "");
  }

  void run() {
    try {
      record();
    } catch (...) {
      output_.keep_partial();  // nobody can record these again
      throw;
    }
    if (kept_ == 0 && is_interrupted()) throw Interrupted(output_.keep_partial());
    if (kept_ == 0) {
      throw std::runtime_error(options_.output +
                               ": file: expected a kept episode, got none; Enter keeps one at its "
                               "end");
    }
    std::printf("%s\n", output_.finish().c_str());
  }

 private:
  void record() {
    start_scene();
    while (options_.episodes == 0 || kept_ < options_.episodes) {
      window_.show(picture_of(recorder_.env(), controls_.look, nullptr), lines());
      window_.pace(options_.steps_per_second);
      const Wishes wishes = controls_.read(window_);
      if (wishes.stops) break;
      act_on(wishes);
    }
  }

  // The same scene again unless an episode was kept.
  void start_scene() {
    recorder_.start(recording_seed(options_.seed, environment_.task, environment_.variant, kept_));
    has_started_ = false;
    is_told_to_wait_ = false;
  }

  void act_on(const Wishes& wishes) {
    if (wishes.restarts) {
      start_scene();
    } else if (recorder_.is_at_end()) {
      if (wishes.keeps) keep();
    } else {
      is_told_to_wait_ |= wishes.keeps;
      const int action = envs::encode_action(held_keys(window_));
      has_started_ |= action != 0 || wishes.steps_once;
      if (has_started_ && (!controls_.is_paused || wishes.steps_once)) recorder_.step(action);
    }
  }

  void keep() {
    output_.add(recorder_.episode("keyboard"));
    std::printf("kept demo_%d: %s\n", kept_,
                episode_outcome(recorder_.env(), recorder_.seed()).c_str());
    std::fflush(stdout);
    ++kept_;
    start_scene();
  }

  std::vector<std::string> lines() const {
    const envs::Env& env = recorder_.env();
    auto lines = episode_caption(env, recorder_.seed());
    lines.push_back("kept " + std::to_string(kept_) +
                    (options_.episodes > 0 ? "/" + std::to_string(options_.episodes) : ""));
    if (recorder_.is_at_end()) {
      lines.push_back("Enter keeps it, R drops it");
    } else if (!has_started_) {
      lines.push_back("an arrow or space starts");
    } else if (is_told_to_wait_) {
      lines.push_back("Enter keeps it after " +
                      std::to_string(env.task().episode_length - env.steps()) + " more steps");
    }
    if (controls_.is_paused) lines.push_back("paused: P goes on, period steps");
    return lines;
  }

  const RecordOptions& options_;
  const envs::EnvName& environment_;
  EpisodeRecorder recorder_;
  DemonstrationOutput output_;
  envs::Window window_;
  Controls controls_;
  int kept_ = 0;
  bool has_started_ = false;      // the clock of this episode
  bool is_told_to_wait_ = false;  // Enter was pressed before its end
};

}  // namespace

int record_by_keyboard(const envs::EnvName& environment, const RecordOptions& options) {
  const InterruptGuard guard;
  DemonstrationOutput::require_no_partial(options.output);
  KeyboardRecording(environment, options).run();
  return interrupt_exit_code();
}

}  // namespace mint::training
