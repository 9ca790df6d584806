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

// Values of many videos and several seeds, as the tables of keypoint metrics show them.
struct SeedStatistics {
  int64_t values = 0;     // that are defined
  int64_t undefined = 0;  // NaN, left out
  // As the paper: all values in one pool, 2 * deviation / sqrt(seeds) beside the mean. That is
  // neither a standard deviation nor an interval of the mean.
  double pooled_mean = 0;
  double pooled_deviation = 0;  // sample standard deviation
  double reported_interval = 0;
  Summary over_seeds;  // of the mean of each seed; its interval is the honest one
};

// per_seed[s] holds the values of all videos of seed s. A seed without a defined value is left out.
// Everything is NaN where no value is defined. Throws std::invalid_argument without seeds.
SeedStatistics seed_statistics(const std::vector<std::vector<double>>& per_seed);

// Pearson's coefficient of the pairs in which both are finite; NaN for fewer than two of them or
// where one side is constant. Throws std::invalid_argument for different lengths.
double correlation(const std::vector<double>& a, const std::vector<double>& b);

// The t with probability `p` below it, for `degrees` >= 1 of freedom; 0 < p < 1. Exact to 1e-10.
double student_t_quantile(double p, double degrees);

// Probability of a value below `t`.
double student_t_probability(double t, double degrees);

}  // namespace mint::training
