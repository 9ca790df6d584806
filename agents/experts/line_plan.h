// Which blocks go where to make a line: candidates in the order of their estimated cost.
#pragma once

#include <vector>

#include "agents/experts/pick_and_place.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

struct LinePlan {
  std::vector<Job> jobs;  // in order; blocks that stay have none
  double cost = 0;        // estimated, in units of driving
};

// At most `count` plans for the blocks `targets`, cheapest first but for some chance. Lines are
// drawn from `random`; each runs through at least one block that stays.
std::vector<LinePlan> line_plans(const envs::State& state, const std::vector<int>& targets,
                                 size_t count, envs::Random& random);

}  // namespace mint::experts
