// Settings of `mint quickstart`: the whole pipeline, small enough for minutes on two cores.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "training/config.h"

namespace mint::training {

struct QuickstartConfig {
  std::vector<std::string> tasks = {"MoveToRegion", "MoveToCorner"};
  int demonstrations = 24;  // per task
  double noise = 0.1;       // of the recording experts, see `mint record`
  int64_t epochs = 2;       // of the detector
  int64_t steps = 3000;     // of each policy
  int episodes = 25;        // of each evaluation
  uint64_t seed = 0;
};

void fields(Fields& f, QuickstartConfig& c);

}  // namespace mint::training
