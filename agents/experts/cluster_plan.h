// Which blocks go where so that every block is nearest to its own group: plans in the order of
// their estimated cost. Clusters need not be tight, so a plan moves as few blocks as will do.
#pragma once

#include <vector>

#include "agents/experts/plan_trials.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

// The cheapest plans first, twenty at most. `groups` holds the group of each block of the state, in
// [0, 8). Found by annealing from `random`.
std::vector<Plan> cluster_plans(const envs::State& state, const std::vector<int>& groups,
                                envs::Random& random);

}  // namespace mint::experts
