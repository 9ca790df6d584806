// Means with intervals, as the tables show them.
#pragma once

#include <cstdint>
#include <vector>

namespace mint::training {

struct Summary {
  int64_t count = 0;
  double mean = 0;
  double deviation = 0;   // sample standard deviation, divisor n - 1; 0 for one value
  double ci95_lower = 0;  // two-sided 95 % Student-t interval of the mean; the mean itself for one
  double ci95_upper = 0;  // value, or where all values are equal
};

// Throws std::invalid_argument for no values. Sums in the order given.
Summary summarise(const std::vector<double>& values);

// The t with probability `p` below it, for `degrees` >= 1 of freedom; 0 < p < 1. Exact to 1e-10.
double student_t_quantile(double p, double degrees);

// Probability of a value below `t`.
double student_t_probability(double t, double degrees);

}  // namespace mint::training
