// The statistics by tables.
#include "tests/envs/two_sample.h"

#include <gtest/gtest.h>

namespace mint::tests {
namespace {

std::vector<double> ramp(double from, double to, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(from + (to - from) * (i + 0.5) / count);
  return values;
}

// The 5 % points of the usual table.
TEST(ChiSquareTail, AgreesWithTheTable) {
  EXPECT_NEAR(chi_square_tail(3.841, 1), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(5.991, 2), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(7.815, 3), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(18.307, 10), 0.05, 1e-4);
}

// 10 of 20 against 20 of 80: x = 4.7619 with one degree of freedom.
TEST(ChiSquare, OfTwoByTwoCountsIsThatByHand) {
  std::vector<int> a(20, 0);
  std::vector<int> b(80, 0);
  std::fill_n(a.begin(), 10, 1);
  std::fill_n(b.begin(), 20, 1);

  EXPECT_NEAR(chi_square(a, b), chi_square_tail(4.7619, 1), 1e-4);
}

TEST(ChiSquare, OfOneCategoryProvesNothing) {
  EXPECT_EQ(chi_square({2, 2, 2}, {2, 2}), 1);
}

// Distance 0.2 between samples of 100: lambda = (7.0711 + 0.12 + 0.0156) * 0.2 = 1.4413, so
// 2 exp(-2 lambda^2) = 0.0314.
TEST(KolmogorovSmirnov, OfAShiftIsThatOfTheSeries) {
  EXPECT_NEAR(kolmogorov_smirnov(ramp(0, 1, 100), ramp(0.195, 1.195, 100)), 0.0314, 2e-4);
}

TEST(KolmogorovSmirnov, OfEqualSamplesIsOne) {
  EXPECT_EQ(kolmogorov_smirnov(ramp(0, 1, 50), ramp(0, 1, 50)), 1);
}

TEST(KolmogorovSmirnov, SeesASmallerSpread) {
  EXPECT_LT(kolmogorov_smirnov(ramp(0, 1, 1000), ramp(0.25, 0.75, 100)), 1e-4);
}

TEST(SampleMoments, AreThoseByHand) {
  const Moments m = moments({1, 2, 3, 4});

  EXPECT_NEAR(m.mean, 2.5, 1e-12);
  EXPECT_NEAR(m.deviation, 1.2909944, 1e-6);
}

}  // namespace
}  // namespace mint::tests
