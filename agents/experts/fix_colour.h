// FixColour: takes the block whose colour differs from that of its region out of it, and brings
// back others that got away.
#pragma once

#include <vector>

#include "agents/experts/plan_trials.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

// Plans worth trying in `state`; see Proposer.
std::vector<Plan> fix_colour_plans(const envs::Scene& scene, const envs::State& state,
                                   envs::Random& random);

}  // namespace mint::experts
