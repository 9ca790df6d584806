// MatchRegions: brings every target into the region and takes every other block out of it that
// gets there.
#pragma once

#include <vector>

#include "agents/experts/plan_trials.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

// Plans worth trying in `state`; see Proposer.
std::vector<Plan> match_regions_plans(const envs::Scene& scene, const envs::State& state,
                                      envs::Random& random);

}  // namespace mint::experts
