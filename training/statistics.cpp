#include "training/statistics.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace mint::training {
namespace {

// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by the
// modified Lentz method: the fraction as a product of ratios c * d.
double beta_fraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  constexpr int kMostTerms = 10000;
  const auto off_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / off_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    for (const double term : {even, odd}) {
      d = 1 / off_zero(1 + term * d);
      c = off_zero(1 + term / c);
      fraction *= c * d;
    }
    if (std::abs(c * d - 1) < std::numeric_limits<double>::epsilon()) break;
  }
  return fraction;
}

// I_x(a, b), the regularised incomplete beta function; x in [0, 1].
double incomplete_beta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incomplete_beta(1 - x, b, a);  // converges faster
  const double log_front =
      std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x);
  return std::exp(log_front) * beta_fraction(x, a, b) / a;
}

}  // namespace

double student_t_probability(double t, double degrees) {
  // Abramowitz and Stegun 26.7.1: both tails hold I_{v / (v + t^2)}(v / 2, 1 / 2).
  const double tail = incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

double student_t_quantile(double p, double degrees) {
  if (!(p > 0 && p < 1) || !(degrees >= 1))
    throw std::invalid_argument("student_t_quantile: expected 0 < p < 1 and degrees >= 1");
  if (p < 0.5) return -student_t_quantile(1 - p, degrees);
  double low = 0;
  double high = 1;
  while (student_t_probability(high, degrees) < p) high *= 2;
  while (true) {  // halving until the doubles meet
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    (student_t_probability(middle, degrees) < p ? low : high) = middle;
  }
}

Summary summarise(const std::vector<double>& values) {
  if (values.empty()) throw std::invalid_argument("summarise: expected at least one value");
  Summary summary;
  summary.count = static_cast<int64_t>(values.size());
  const auto n = static_cast<double>(values.size());
  for (const double value : values) summary.mean += value;
  summary.mean /= n;
  summary.ci95_lower = summary.ci95_upper = summary.mean;
  if (values.size() == 1) return summary;
  double squares = 0;
  for (const double value : values) squares += (value - summary.mean) * (value - summary.mean);
  summary.deviation = std::sqrt(squares / (n - 1));
  const double half = student_t_quantile(0.975, n - 1) * summary.deviation / std::sqrt(n);
  summary.ci95_lower = summary.mean - half;
  summary.ci95_upper = summary.mean + half;
  return summary;
}

SeedStatistics seed_statistics(const std::vector<std::vector<double>>& per_seed) {
  if (per_seed.empty()) throw std::invalid_argument("seed_statistics: expected at least one seed");
  SeedStatistics statistics;
  std::vector<double> pool, means;
  for (const std::vector<double>& values : per_seed) {
    std::vector<double> defined;
    for (const double value : values) {
      if (!std::isnan(value)) defined.push_back(value);
    }
    statistics.undefined += static_cast<int64_t>(values.size() - defined.size());
    if (defined.empty()) continue;
    means.push_back(summarise(defined).mean);
    pool.insert(pool.end(), defined.begin(), defined.end());
  }
  statistics.values = static_cast<int64_t>(pool.size());
  if (pool.empty()) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    statistics.pooled_mean = statistics.pooled_deviation = statistics.reported_interval = kNone;
    statistics.over_seeds = {0, kNone, kNone, kNone, kNone};
    return statistics;
  }
  const Summary pooled = summarise(pool);
  statistics.pooled_mean = pooled.mean;
  statistics.pooled_deviation = pooled.deviation;
  statistics.reported_interval =
      2 * pooled.deviation / std::sqrt(static_cast<double>(means.size()));
  statistics.over_seeds = summarise(means);
  return statistics;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) {
    throw std::invalid_argument("correlation: expected as many values on both sides, got " +
                                std::to_string(a.size()) + " and " + std::to_string(b.size()));
  }
  std::vector<double> x, y;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) continue;
    x.push_back(a[i]);
    y.push_back(b[i]);
  }
  if (x.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double mean_x = summarise(x).mean, mean_y = summarise(y).mean;
  double xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  if (xx == 0 || yy == 0) return std::numeric_limits<double>::quiet_NaN();
  return xy / std::sqrt(xx * yy);
}

}  // namespace mint::training
