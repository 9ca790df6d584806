#include "training/learning_rate.h"

#include <cmath>

namespace mint::training {

double learning_rate_factor(int64_t step, int64_t steps, double warmup, double cooldown) {
  const double total = static_cast<double>(steps);
  const double done = static_cast<double>(step) / total;
  if (done < warmup) return static_cast<double>(step + 1) / std::ceil(warmup * total);
  const double begin = 1 - cooldown;
  if (done <= begin) return 1;
  return 0.5 * (1 + std::cos(M_PI * (done - begin) / cooldown));
}

}  // namespace mint::training
