// The lines of text on an episode that `mint play` and `mint record --by keyboard` share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "envs/env.h"

namespace mint::training {

std::string score_text(double score);  // "0.50"

std::string episode_name(const envs::Env& env);  // "MoveToCorner-Demo"

// "MoveToCorner-Demo", "seed 3", "step 12/80", "score 0.50": the score of the present state.
std::vector<std::string> episode_caption(const envs::Env& env, uint64_t seed);

// "MoveToCorner-Demo: seed 3: score 0.50 after 80 of 80 steps".
std::string episode_outcome(const envs::Env& env, uint64_t seed);

}  // namespace mint::training
