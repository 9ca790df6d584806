// DAgger (Ross, Gordon and Bagnell 2011): a policy learns from demonstrations, and then from the
// states that it gets into itself, labelled with what a scripted expert would do there.
//
// The expert sees the simulator, which cloning never does: what comes out is an upper reference for
// cloning from the same demonstrations, and reported apart from it. Rollouts are in Demo, like the
// demonstrations; the other variants only test. Demo has one start, so that what spreads the
// episodes of a round are the mixture of policy and expert and the noise.
//
//   dataset = demonstrations
//   the policy trains for steps / (rounds + 1) steps
//   in every round: episodes of the policy, the expert's labels of all states visited
//                   dataset += these; the policy goes on training for as many steps
//
// The policy is not begun anew in a round: all rounds share one course of the learning rate, and
// the last policy is the result. No score is used.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <torch/types.h>

#include "agents/policy.h"
#include "perception/keypoints.h"
#include "training/clone_config.h"
#include "training/demonstrations.h"
#include "training/rollout.h"

namespace mint::training {

// An episode of one round.
struct LabelledRollout {
  Episode episode;                  // actions: the expert's; executed_actions; without frames
  torch::Tensor frames;             // uint8 [T + 1, 3, 96, 96]; undefined where nobody needs them
  perception::Keypoints keypoints;  // of these; undefined for a policy that reads pixels
  int64_t agreed = 0;               // decisions in which the policy chose the expert's action
};

// The episodes of round `round` = 1, 2, ... of a training with root seed `seed`: one batch, one
// call of the detector and the policy a step. Policies with plans follow none. The same arguments
// give the same episodes. `on_step` is called after every control step.
std::vector<LabelledRollout> labelled_rollouts(const Agent& agent, const std::string& task,
                                               const DaggerConfig& config, int64_t round,
                                               uint64_t seed, const std::function<void()>& on_step);

// The step at which round `round` = 1, 2, ..., rounds + 1 begins; the last is the end.
int64_t begin_of_round(const CloneConfig& config, int64_t round);

// How messages name settings: those of `mint clone`, or of a study with a recipe for DAgger.
struct DaggerKeys {
  std::string command = "clone";
  std::string prefix;           // "dagger.": the group of the recipe
  std::string steps = "steps";  // or what else says how many
};

// Throws ConfigError where the settings of algorithm "dagger" do not go together: no more steps
// than rounds, or a policy with plans that would follow one in the end, though the labels belong to
// none.
void require_dagger(const CloneConfig& config, const agents::Policy& policy,
                    const DaggerKeys& keys = {});

}  // namespace mint::training
