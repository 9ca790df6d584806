// The user's view of a task: reset(seed), step(action), frames, observations. Many at once:
// envs/vector_env.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "envs/draw.h"
#include "envs/preprocessor.h"
#include "envs/scene.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::envs {

struct StepResult {
  double score = 0;        // the task's score on the last step of the episode, 0 before
  bool truncated = false;  // true on the last step
};

// Frames are drawn when they are first asked for and once only: stepping without looking costs no
// drawing, and neither does a camera that nobody asks for.
class Env {
 public:
  // Throws std::invalid_argument for an unknown task or variant. Holds no episode before reset():
  // everything but task(), variant() and preprocessor() throws std::logic_error until then.
  Env(const std::string& task, const std::string& variant,
      Preprocessor preprocessor = Preprocessor::kNone);

  void reset(uint64_t seed);
  // After the last step: std::logic_error until reset(). Allocates nothing, unless more things
  // touch than Box2D has had to remember before.
  StepResult step(int action);

  // What the environment's preprocessor makes of the last four moments, in the layout of
  // envs/preprocessor.h. The other form writes the same observation_bytes(preprocessor()) bytes to
  // `out`; of stacks, it allocates only when it first draws.
  std::vector<uint8_t> observation();
  void write_observation(uint8_t* out);

  // The newest frame, RGB [96, 96, 3]; valid until the next call of step() or reset().
  const std::vector<uint8_t>& frame(Camera camera = Camera::kAllocentric);
  // The last four frames, oldest first, [4, 96, 96, 3]; at reset all four are the reset frame.
  std::vector<uint8_t> stack(Camera camera = Camera::kAllocentric);

  // The present state at 384 x 384, drawn anew by each call.
  Image full_frame(Camera camera = Camera::kAllocentric) const;
  InstanceImage instances(Camera camera = Camera::kAllocentric) const;

  const TaskSpec& task() const { return *task_; }
  const std::string& variant() const { return variant_; }
  Preprocessor preprocessor() const { return preprocessor_; }
  const Scene& scene() const;
  const State& state() const;
  int steps() const { return steps_; }  // since reset

 private:
  struct Moment {
    State state;
    std::array<std::vector<uint8_t>, 2> frames;     // by camera; empty before the first look
    std::array<bool, 2> is_drawn = {false, false};  // by camera
  };

  const Moment& newest() const { return history_[newest_]; }
  const std::vector<uint8_t>& drawn(Camera camera, int age);
  void require_episode(const char* call) const;

  const TaskSpec* task_;
  std::string variant_;
  Preprocessor preprocessor_;
  Scene scene_;
  std::optional<World> world_;                  // none before reset()
  std::array<Moment, kStackedFrames> history_;  // a ring of the last moments
  int newest_ = 0;                              // index into history_
  int steps_ = 0;
};

// "FindDupe-TestShape-LoRes4E-v0": the original's names, without a preprocessor the raw
// environment. Throws std::invalid_argument for what does not exist.
Env make_env(const std::string& name);

}  // namespace mint::envs
