// MoveToCorner: grasps the block, turns with it, pushes it into the corner, backs off and stays.
#pragma once

#include <vector>

#include "agents/experts/plan_trials.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

// Plans worth trying in `state`; see Proposer.
std::vector<Plan> move_to_corner_plans(const envs::Scene& scene, const envs::State& state,
                                       envs::Random& random);

}  // namespace mint::experts
