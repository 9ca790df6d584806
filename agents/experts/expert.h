// Scripted experts: they see the World's state, not pixels, and record demonstrations.
//
// To add an expert: one file pair agents/experts/<task>.{h,cpp} and one line in the registry in
// agents/experts/expert.cpp. If the task is to move blocks, the file only says which plans are
// worth trying (agents/experts/plan_trials.h): which blocks go where. region_plan.h helps where
// they go into and out of regions; tests/experts/expert_slow_test.cpp prints what every expert
// reaches.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "envs/scene.h"

namespace mint::experts {

struct ExpertOptions {
  // false: the seed draws the plan (order of blocks, target places, how it drives); true: every
  // seed gives the same nominal plan.
  bool deterministic = false;
};

class Expert {
 public:
  virtual ~Expert() = default;

  // The action 0..17 that this expert takes in `state`, after `step` actions of the episode. Call
  // it once per control step, in order.
  virtual int act(const envs::Scene& scene, const envs::State& state, int step) = 0;

  // Something else than its last action was executed: that the robot does not move, say, is then no
  // sign that it is stuck. Without this call an expert takes it for a disturbance.
  virtual void overruled() {}
};

// Whether there is an expert for the task.
bool has_expert(const std::string& task);

// The expert of `scene.task`. Throws std::invalid_argument for a task without one.
std::unique_ptr<Expert> make_expert(const envs::Scene& scene, uint64_t seed,
                                    const ExpertOptions& options = {});

}  // namespace mint::experts
