// MakeLine: plans a line and who goes where, tries the plan in a World of its own, then moves block
// after block to its place. Plans anew when blocks are not where the plan left them.
#pragma once

#include <vector>

#include "agents/experts/plan_trials.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

// Plans worth trying in `state`; see Proposer.
std::vector<Plan> make_line_plans(const envs::Scene& scene, const envs::State& state,
                                  envs::Random& random);

}  // namespace mint::experts
