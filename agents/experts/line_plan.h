// Which blocks go where to make a line: candidates in the order of their estimated cost.
#pragma once

#include <vector>

#include "agents/experts/plan_trials.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

// At most `count` plans for the blocks `targets`, cheapest first but for some chance. Blocks that
// stay have no job. Lines are drawn from `random`; each runs through at least one block that stays.
std::vector<Plan> line_plans(const envs::State& state, const std::vector<int>& targets,
                             size_t count, envs::Random& random);

}  // namespace mint::experts
