#include "agents/plan_variable.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/agents/policy_samples.h"
#include "tests/support/error_of.h"

namespace mint::tests {
namespace {

using agents::Observation;
using agents::PlanVariable;
using torch::Tensor;

agents::PlanConfig three_plans(double dropout) {
  agents::PlanConfig config;
  config.plans = 3;
  config.width = 2;
  config.dropout = dropout;
  return config;
}

Observation with_plans(const Tensor& plan) {
  Observation observation;
  observation.plan = plan;
  return observation;
}

TEST(PlanVariable, HasAVectorPerPlanAndOneForNone) {
  PlanVariable plans(three_plans(0));
  const Tensor vectors = plans->named_parameters()["vectors.weight"];

  const Tensor rows = plans->forward(with_plans(torch::tensor({2, -1, 0})), 3, nullptr);

  EXPECT_EQ(vectors.sizes(), at::IntArrayRef({4, 2}));
  EXPECT_TRUE(torch::equal(rows, torch::stack({vectors[2], vectors[3], vectors[0]})));
}

TEST(PlanVariable, SavesTheChosenPlanWithTheWeights) {
  PlanVariable first(three_plans(0)), second(three_plans(0));
  first->choose(1);

  second->named_buffers()["chosen"].copy_(first->named_buffers()["chosen"]);

  const Tensor vectors = second->named_parameters()["vectors.weight"];
  EXPECT_TRUE(torch::equal(second->forward({}, 1, nullptr)[0], vectors[1]));
}

TEST(PlanVariable, ForgetsSomePlansInTraining) {
  PlanVariable plans(three_plans(0.25));
  const Tensor none = plans->named_parameters()["vectors.weight"][3];
  at::Generator noise = at::detail::createCPUGenerator(1);
  const Observation observation = with_plans(torch::zeros({4000}, torch::kInt64));

  const Tensor forgotten = plans->forward(observation, 4000, &noise).eq(none).all(1);

  // A standard deviation is 0.007.
  EXPECT_NEAR(forgotten.to(torch::kFloat64).mean().item<double>(), 0.25, 0.03);
}

TEST(PlanVariable, IsNothingWithoutPlans) {
  PlanVariable plans(agents::PlanConfig{});
  agents::Film film(plans->width(), 3);
  const Tensor features = torch::rand({2, 3});

  const Tensor plan = plans->forward(with_plans(torch::tensor({5, 6})), 2, nullptr);

  EXPECT_FALSE(plan.defined());
  EXPECT_TRUE(torch::equal(film->forward(features, plan), features));
  EXPECT_EQ(parameter_count(*plans) + parameter_count(*film), 0);
}

TEST(PlanVariable, NamesThePlansThatThereAre) {
  PlanVariable plans(three_plans(0));

  EXPECT_EQ(error_of([&] { plans->choose(3); }), "PlanVariable: plan: expected -1 .. 2, got 3");
  EXPECT_EQ(error_of([&] {
              plans->forward(with_plans(torch::tensor({0, -2})), 2, nullptr);
            }),
            "PlanVariable: plan: expected -1 .. 2, got -2");
  EXPECT_EQ(error_of([&] {
              plans->forward(with_plans(torch::tensor({0, 1})), 3, nullptr);
            }),
            "PlanVariable: plan: expected [3], got [2]");
}

TEST(Film, ScalesAndShiftsEveryRowByItsPlan) {
  agents::Film film(/*plan_width=*/1, /*features=*/2);
  torch::NoGradGuard no_grad;
  film->named_parameters()["modulation.weight"].copy_(torch::tensor({{1}, {2}, {3}, {4}}));
  film->named_parameters()["modulation.bias"].zero_();
  const Tensor features = torch::ones({2, 3, 2});

  const Tensor out = film->forward(features, torch::tensor({{0.0f}, {1.0f}}));

  // Scale (1, 2) and shift (3, 4) times the plan.
  EXPECT_TRUE(torch::equal(out[0], torch::ones({3, 2})));
  EXPECT_TRUE(torch::equal(out[1], torch::tensor({5.0f, 7.0f}).expand({3, 2})));
}

}  // namespace
}  // namespace mint::tests
