// The user's view of a task: reset(seed), step(action), newest frame, frame stack.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "envs/draw.h"
#include "envs/scene.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::envs {

struct StepResult {
  double score = 0;        // the task's score on the last step of the episode, 0 before
  bool truncated = false;  // true on the last step
};

class Env {
 public:
  static constexpr int kHistory = 4;  // frames in a stack
  static constexpr int kFrameBytes = kObservationSize_px * kObservationSize_px * 3;

  // Throws std::invalid_argument for an unknown task or variant. Holds no episode before reset():
  // everything but task() throws std::logic_error until then.
  Env(const std::string& task, const std::string& variant);

  void reset(uint64_t seed);
  StepResult step(int action);  // after the last step: std::logic_error until reset()

  // The newest allocentric frame, RGB [96, 96, 3]. Frames are drawn when they are first asked for:
  // stepping without looking costs no drawing.
  const std::vector<uint8_t>& frame();
  // The last four frames, oldest first, [4, 96, 96, 3]; at reset all four are the reset frame.
  std::vector<uint8_t> stack();

  // The present state at 384 x 384, drawn anew by each call.
  Image full_frame() const;
  InstanceImage instances() const;

  const TaskSpec& task() const { return *task_; }
  const Scene& scene() const;
  State state() const;
  int steps() const { return steps_; }  // since reset

 private:
  struct Moment {
    State state;
    std::vector<uint8_t> frame;  // empty until it is drawn
  };

  const std::vector<uint8_t>& drawn(Moment& moment);
  void require_episode(const char* call) const;

  const TaskSpec* task_;
  std::string variant_;
  Scene scene_;
  std::optional<World> world_;   // none before reset()
  std::vector<Moment> history_;  // the last kHistory states, oldest first; fewer after a reset
  Image canvas_;                 // kept to save an allocation per frame
  int steps_ = 0;
};

}  // namespace mint::envs
