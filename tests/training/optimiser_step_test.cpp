#include "training/optimiser_step.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace mint::training {
namespace {

struct Problem {
  torch::Tensor weight = torch::tensor({1.0, 2.0}, torch::kDouble).requires_grad_();
  torch::optim::SGD optimiser{{weight}, torch::optim::SGDOptions(1)};
};

TEST(OptimiserStep, ClipsTheGlobalNormAndReturnsItUnclipped) {
  Problem problem;
  const auto loss = 3 * problem.weight[0] + 4 * problem.weight[1];  // gradient (3, 4), norm 5

  const double norm = optimiser_step(loss, problem.optimiser, {problem.weight}, 1, "step 1");

  EXPECT_DOUBLE_EQ(norm, 5);
  EXPECT_NEAR(problem.weight[0].item<double>(), 1 - 0.6, 1e-6);
  EXPECT_NEAR(problem.weight[1].item<double>(), 2 - 0.8, 1e-6);
}

TEST(OptimiserStep, ClipsEveryGroupAloneAndNothingWithoutALimit) {
  for (const double clip : {1.0, 0.0}) {
    auto a = torch::zeros({2}).requires_grad_(), b = torch::zeros({1}).requires_grad_();
    torch::optim::SGD optimiser({a, b}, torch::optim::SGDOptions(1));
    const auto loss = 3 * a[0] + 4 * a[1] + 0.5 * b[0];  // norms 5 and 0.5

    const std::vector<std::vector<torch::Tensor>> groups = {{a}, {b}};
    const double norm = optimiser_step(loss, optimiser, groups, clip, "step 1");

    EXPECT_NEAR(norm, std::sqrt(25.25), 1e-6);
    EXPECT_NEAR(a[0].item<double>(), clip > 0 ? -0.6 : -3, 1e-6);
    EXPECT_NEAR(b[0].item<double>(), -0.5, 1e-6);
  }
}

TEST(OptimiserStep, StopsAtALossThatIsNotFiniteBeforeAnyWeightChanges) {
  Problem problem;
  const auto loss = problem.weight.sum() * NAN;

  try {
    optimiser_step(loss, problem.optimiser, {problem.weight}, 1, "pretrain: step 7");
    FAIL() << "expected an exception";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "pretrain: step 7: loss: expected a finite number, got nan");
  }
  EXPECT_EQ(problem.weight[1].item<double>(), 2);
}

TEST(OptimiserStep, StopsAtAGradientThatIsNotFinite) {
  Problem problem;
  const auto loss = torch::sqrt(problem.weight - problem.weight.detach()).sum();  // 0, slope inf

  EXPECT_THROW(optimiser_step(loss, problem.optimiser, {problem.weight}, 1, "step 1"),
               std::runtime_error);
  EXPECT_EQ(problem.weight[1].item<double>(), 2);
}

}  // namespace
}  // namespace mint::training
