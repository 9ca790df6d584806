// A scripted expert as an oracle: what it would do in states that another policy's actions lead to
// (DAgger; Ross, Gordon and Bagnell 2011).
//
// Experts are controllers: they choose a plan, see whether it still works, choose another. That
// goes on whoever acts, so that one expert labels a whole episode; it is only told where it was not
// obeyed, lest it should think that the robot is stuck.
#pragma once

#include <memory>

#include "agents/experts/expert.h"
#include "envs/scene.h"

namespace mint::experts {

class Oracle {
 public:
  // The nominal plan of every expert, so that labels of one state do not contradict each other.
  // Throws std::invalid_argument for a task without an expert.
  explicit Oracle(const envs::Scene& scene);

  // The expert's action 0..17 in `state`, as if the episode had only begun: a policy does not see
  // the clock, so that there is too little time left is no reason to do something else. Call it
  // once per control step, in order, and executed() after each.
  int label(const envs::State& state);

  void executed(int action);  // in the state last asked for

 private:
  envs::Scene scene_;
  std::unique_ptr<Expert> expert_;
  int label_ = 0;  // the last
};

}  // namespace mint::experts
