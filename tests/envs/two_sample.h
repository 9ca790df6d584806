// Are two samples drawn from one distribution? The tests that compare what we draw with what the
// original drew.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace mint::tests {

struct Moments {
  double mean = 0;
  double deviation = 0;  // standard, with n - 1
};

inline Moments moments(const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  Moments m;
  for (const double x : values) m.mean += x / n;
  for (const double x : values) m.deviation += (x - m.mean) * (x - m.mean);
  m.deviation = std::sqrt(m.deviation / (n - 1));
  return m;
}

// Two-sample Kolmogorov-Smirnov: the probability of a distance between the two distribution
// functions at least as large (the asymptotic series with Stephens' correction for small samples).
inline double kolmogorov_smirnov(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double distance = 0;
  for (size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    const double x = std::min(a[i], b[k]);
    while (i < a.size() && a[i] <= x) ++i;
    while (k < b.size() && b[k] <= x) ++k;
    distance = std::max(distance, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                           static_cast<double>(k) / static_cast<double>(b.size())));
  }
  const double n =
      static_cast<double>(a.size() * b.size()) / static_cast<double>(a.size() + b.size());
  const double lambda = (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n)) * distance;
  if (lambda < 0.3) return 1;  // the series converges slowly where it is 1 to five decimals
  double sum = 0;
  for (int j = 1; j <= 100; ++j) {
    sum += (j % 2 == 1 ? 2 : -2) * std::exp(-2 * j * j * lambda * lambda);
  }
  return std::clamp(sum, 0.0, 1.0);
}

// The probability that a chi-square variable with `degrees` of freedom is at least `x`.
inline double chi_square_tail(double x, int degrees) {
  // The recurrence Q(a + 1, y) = Q(a, y) + y^a e^-y / Gamma(a + 1) of the incomplete gamma
  // function.
  const double y = x / 2;
  double a = degrees % 2 == 0 ? 1 : 0.5;
  double tail = degrees % 2 == 0 ? std::exp(-y) : std::erfc(std::sqrt(y));
  for (; a < degrees / 2.0; ++a) tail += std::exp(a * std::log(y) - y - std::lgamma(a + 1));
  return std::min(tail, 1.0);
}

// Chi-square test of homogeneity of two samples of categories.
inline double chi_square(const std::vector<int>& a, const std::vector<int>& b) {
  std::map<int, std::pair<double, double>> counts;
  for (const int value : a) ++counts[value].first;
  for (const int value : b) ++counts[value].second;
  const double share = static_cast<double>(a.size()) / static_cast<double>(a.size() + b.size());
  double x = 0;
  for (const auto& [value, count] : counts) {
    const double all = count.first + count.second;
    const double expected_a = share * all;
    const double expected_b = all - expected_a;
    x += (count.first - expected_a) * (count.first - expected_a) / expected_a +
         (count.second - expected_b) * (count.second - expected_b) / expected_b;
  }
  const int degrees = static_cast<int>(counts.size()) - 1;
  return degrees == 0 || x == 0 ? 1 : chi_square_tail(x, degrees);
}

}  // namespace mint::tests
