#include "training/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace mint::training {
namespace {

TEST(StudentT, QuantilesAgreeWithTheTable) {
  // Table of the two-sided 95 % point, e.g. Abramowitz and Stegun table 26.10, three decimals.
  const std::vector<std::pair<int, double>> table = {
      {1, 12.706}, {2, 4.303},  {3, 3.182},  {4, 2.776},  {5, 2.571},   {9, 2.262},
      {10, 2.228}, {24, 2.064}, {30, 2.042}, {60, 2.000}, {120, 1.980}, {1000000, 1.960}};
  for (const auto& [degrees, t] : table)
    EXPECT_NEAR(student_t_quantile(0.975, degrees), t, 0.0005) << degrees;
}

TEST(StudentT, QuantilesAreExactWhereThereIsAFormula) {
  // One degree: tan(pi (p - 1/2)); two degrees: (2p - 1) / sqrt(2 p (1 - p)).
  for (const double p : {0.001, 0.2, 0.5, 0.9, 0.975, 0.9995}) {
    const double one = std::tan(std::acos(-1.0) * (p - 0.5));
    const double two = (2 * p - 1) / std::sqrt(2 * p * (1 - p));
    EXPECT_NEAR(student_t_quantile(p, 1), one, 1e-10 * std::max(1.0, std::abs(one))) << p;
    EXPECT_NEAR(student_t_quantile(p, 2), two, 1e-10 * std::max(1.0, std::abs(two))) << p;
  }
}

TEST(StudentT, ProbabilityIsSymmetricAndHalfAtZero) {
  EXPECT_DOUBLE_EQ(student_t_probability(0, 7), 0.5);
  EXPECT_NEAR(student_t_probability(-1.3, 7) + student_t_probability(1.3, 7), 1, 1e-15);
}

TEST(Summarise, FiveNumbersByHand) {
  // Mean 3, squares 4+1+0+1+4 = 10, deviation sqrt(10/4) = 1.5811388; half width
  // 2.7764451 * 1.5811388 / sqrt(5) = 1.9632432.
  const Summary summary = summarise({1, 2, 3, 4, 5});

  EXPECT_EQ(summary.count, 5);
  EXPECT_DOUBLE_EQ(summary.mean, 3);
  EXPECT_NEAR(summary.deviation, 1.5811388, 1e-7);
  EXPECT_NEAR(summary.ci95_lower, 3 - 1.9632432, 1e-7);
  EXPECT_NEAR(summary.ci95_upper, 3 + 1.9632432, 1e-7);
}

TEST(Summarise, OneValueOrEqualValuesHaveNoSpread) {
  const Summary one = summarise({0.25});
  const Summary equal = summarise({1, 1, 1, 1});

  EXPECT_EQ(one.deviation, 0);
  EXPECT_EQ(one.ci95_lower, 0.25);
  EXPECT_EQ(equal.mean, 1);
  EXPECT_EQ(equal.deviation, 0);
  EXPECT_EQ(equal.ci95_upper, 1);
}

TEST(Summarise, TwentyFiveOnesAreExactlyOne) {
  const Summary summary = summarise(std::vector<double>(25, 1.0));

  EXPECT_EQ(summary.mean, 1);
  EXPECT_EQ(summary.deviation, 0);
}

TEST(Summarise, NeedsAValue) {
  EXPECT_THROW(summarise({}), std::invalid_argument);
}

// Seeds {1, 3} and {2, 6}: pool 1 2 3 6 with squares 4+1+0+9 = 14; seed means 2 and 4.
TEST(SeedStatistics, PoolVideosAndAverageSeeds) {
  const SeedStatistics found = seed_statistics({{1, 3}, {2, 6}});

  EXPECT_EQ(found.values, 4);
  EXPECT_DOUBLE_EQ(found.pooled_mean, 3);
  EXPECT_NEAR(found.pooled_deviation, std::sqrt(14.0 / 3), 1e-12);
  EXPECT_NEAR(found.reported_interval, 2 * std::sqrt(14.0 / 3) / std::sqrt(2.0), 1e-12);
  EXPECT_EQ(found.over_seeds.count, 2);
  EXPECT_DOUBLE_EQ(found.over_seeds.mean, 3);
  EXPECT_NEAR(found.over_seeds.deviation, std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(found.over_seeds.ci95_upper, 3 + 12.7062047, 1e-6);
}

TEST(SeedStatistics, LeaveUndefinedValuesOutAndCountThem) {
  const double undefined = std::nan("");

  const SeedStatistics found = seed_statistics({{1, undefined, 3}, {undefined}});
  const SeedStatistics none = seed_statistics({{undefined}});

  EXPECT_EQ(found.values, 2);
  EXPECT_EQ(found.undefined, 2);
  EXPECT_DOUBLE_EQ(found.pooled_mean, 2);
  EXPECT_EQ(found.over_seeds.count, 1);
  EXPECT_EQ(none.values, 0);
  EXPECT_TRUE(std::isnan(none.pooled_mean));
  EXPECT_TRUE(std::isnan(none.over_seeds.mean));
  EXPECT_THROW(seed_statistics({}), std::invalid_argument);
}

// Deviations -1 0 1 and -2 1 1: 3 / sqrt(2 * 6).
TEST(Correlation, ThreePairsByHand) {
  EXPECT_NEAR(correlation({1, 2, 3}, {0, 3, 3}), 3 / std::sqrt(12.0), 1e-12);
  EXPECT_NEAR(correlation({1, 2, 3}, {-2, -4, -6}), -1, 1e-12);
}

TEST(Correlation, IsUndefinedWithoutSpread) {
  EXPECT_TRUE(std::isnan(correlation({1, 2}, {5, 5})));
  EXPECT_TRUE(std::isnan(correlation({1}, {5})));
  EXPECT_THROW(correlation({1}, {}), std::invalid_argument);
}

TEST(Correlation, LeavesPairsWithoutAValueOut) {
  EXPECT_NEAR(correlation({1, std::nan(""), 3}, {2, 100, 5}), 1, 1e-12);
}

}  // namespace
}  // namespace mint::training
