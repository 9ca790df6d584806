#include "training/learning_rate.h"

#include <cmath>

#include <gtest/gtest.h>

namespace mint::training {
namespace {

TEST(LearningRate, RisesAlongALineStaysAndFallsAlongACosine) {
  const auto factor = [](int64_t step) { return learning_rate_factor(step, 100, 0.1, 0.4); };

  EXPECT_NEAR(factor(0), 0.1, 1e-12);
  EXPECT_NEAR(factor(9), 1, 1e-12);
  EXPECT_EQ(factor(10), 1);
  EXPECT_EQ(factor(60), 1);
  EXPECT_NEAR(factor(80), 0.5, 1e-12);
  EXPECT_NEAR(factor(99), 0.5 * (1 + std::cos(M_PI * 39 / 40)), 1e-12);
}

TEST(LearningRate, IsConstantWithoutEither) {
  for (const int64_t step : {0, 50, 99}) EXPECT_EQ(learning_rate_factor(step, 100, 0, 0), 1);
}

}  // namespace
}  // namespace mint::training
