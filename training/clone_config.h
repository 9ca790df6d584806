// Settings of `mint clone`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agents/policy_config.h"
#include "training/config.h"
#include "training/episode_selection.h"

namespace mint::training {

struct CloneConfig {
  DataConfig data;
  std::string task;      // "MoveToCorner"
  std::string detector;  // run directory of `mint pretrain`
  std::string output;    // new run directory; runs/clone-<task>, -2, -3 … when empty
  agents::PolicyConfig policy;

  double detect_gamma = 0;  // activation threshold of the detector; 0: the detector's own
  int64_t idle_tail = 10;   // samples kept of the wait at the end of a demonstration; 0: all
  int64_t steps = 3000;
  int64_t batch = 32;
  double learning_rate = 1e-3;  // at the start; falls to 0 along a cosine
  double weight_decay = 1e-6;   // L2, added to the gradient
  double gradient_clip = 10;    // global L2 norm
  uint64_t seed = 0;
};

std::vector<std::string> task_names();  // of all tasks that there are

void fields(Fields& f, CloneConfig& c);
void fields(Fields& f, agents::InteractionPolicyConfig& c);

}  // namespace mint::training
