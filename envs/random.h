// The one random generator of the project: small, seedable, copyable, the same on every platform
// (the distributions of <random> are not). Two draws never stand in one argument list, because
// compilers order them differently.
#pragma once

#include <cstdint>
#include <string_view>

namespace mint::envs {

class Random {
 public:
  explicit Random(uint64_t seed);

  uint64_t bits();                          // uniform over all 64-bit values
  double uniform(double low, double high);  // in [low, high)
  int below(int n);                         // uniform in {0, ..., n - 1}; n >= 1
  double normal();                          // mean 0, standard deviation 1

 private:
  uint64_t state_[4];
};

// A seed for the generator `name` number `index` of a run with root seed `seed`.
uint64_t derive_seed(uint64_t seed, std::string_view name, uint64_t index = 0);

}  // namespace mint::envs
