// The learning rate over a run: it rises, stays, and falls.
#pragma once

#include <cstdint>

namespace mint::training {

// Optimisers compute with it in float.
inline constexpr double kLargestLearningRate = 1e30;

// The factor of the learning rate in step `step` = 0, 1, ... of `steps`: along a line up to 1 in
// the first `warmup` of the steps, along a cosine down to 0 in the last `cooldown` (shares of the
// steps, together at most 1), else 1.
double learning_rate_factor(int64_t step, int64_t steps, double warmup, double cooldown);

}  // namespace mint::training
