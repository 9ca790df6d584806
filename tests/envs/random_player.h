// Random play that gets somewhere.
#pragma once

#include <cstdint>

#include "envs/random.h"
#include "envs/world.h"

namespace mint::tests {

// Random actions hardly move anything; held ones push blocks into corners and each other.
class RandomPlayer {
 public:
  explicit RandomPlayer(uint64_t seed) : random_(seed), longest_hold_(kHolds[random_.below(3)]) {}

  int act() {
    if (hold_-- <= 0) {
      action_ = random_.below(envs::kActions);
      hold_ = random_.below(longest_hold_);
    }
    return action_;
  }

  bool looks() { return random_.below(100) == 0; }

 private:
  static constexpr int kHolds[3] = {1, 12, 40};  // steps

  envs::Random random_;
  int longest_hold_;
  int action_ = 0;
  int hold_ = 0;
};

}  // namespace mint::tests
