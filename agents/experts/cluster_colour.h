// ClusterColour: moves as few blocks as needed until each is nearest to its own colour.
#pragma once

#include <vector>

#include "agents/experts/plan_trials.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

// Plans worth trying in `state`; see Proposer.
std::vector<Plan> cluster_colour_plans(const envs::Scene& scene, const envs::State& state,
                                       envs::Random& random);

}  // namespace mint::experts
