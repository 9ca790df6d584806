// Which blocks go into and out of regions: candidate plans in the order of their estimated cost.
#pragma once

#include <vector>

#include "agents/experts/plan_trials.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

inline constexpr int kOutside = -1;

// A block that has to go somewhere.
struct Errand {
  int block = 0;          // index into State::blocks
  int region = kOutside;  // index into Scene::regions; kOutside: to a place in none of them
};

bool is_in_region(const envs::Scene& scene, const envs::State& state, int region, int block);

// At most `count` plans that each do all errands of one of the `alternatives`, cheapest first but
// for some chance, and then a third as many that first take another block out of the way. Order and
// places are drawn from `random`; places keep away from other blocks.
std::vector<Plan> region_plans(const envs::Scene& scene, const envs::State& state,
                               const std::vector<std::vector<Errand>>& alternatives, size_t count,
                               envs::Random& random);

}  // namespace mint::experts
