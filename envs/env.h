// The user's view of a task: reset(seed), step(action), newest frame, frame stack.
#pragma once

#include <array>
#include <cstdint>
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

  // Throws std::invalid_argument for an unknown task or variant. Holds no episode before reset().
  Env(const std::string& task, const std::string& variant);

  void reset(uint64_t seed);
  StepResult step(int action);  // after the last step: std::logic_error until reset()

  // The newest allocentric frame, RGB [96, 96, 3]. Drawn on first use after a step.
  const std::vector<uint8_t>& frame();
  // The last four frames, oldest first, [4, 96, 96, 3]; at reset all four are the reset frame.
  // Calls frame() must have been made for each step, or this draws only from now on: call it or
  // frame() once per step.
  std::vector<uint8_t> stack();

  const TaskSpec& task() const { return *task_; }
  const Scene& scene() const { return scene_; }
  State state() const { return world_.state(); }
  int steps() const { return steps_; }

 private:
  const TaskSpec* task_;
  std::string variant_;
  Scene scene_;
  World world_;
  int steps_ = 0;
};

}  // namespace mint::envs
