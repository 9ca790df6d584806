// Shuffled batches: one permutation per epoch, derived from the run's seed and the epoch's number.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "envs/random.h"

namespace mint::training {

// A permutation of `items` (Fisher-Yates).
inline std::vector<int64_t> shuffled(std::vector<int64_t> items, envs::Random random) {
  for (size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[random.below(static_cast<int>(i))]);
  }
  return items;
}

}  // namespace mint::training
