#include "agents/mlp_policy.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/agents/policy_samples.h"
#include "tests/dynamics/numeric_gradient.h"
#include "tests/support/error_of.h"

namespace mint::tests {
namespace {

using agents::MlpPolicy;
using agents::MlpPolicyConfig;
using torch::Tensor;

TEST(MlpPolicy, HasThePapersParameterCount) {
  EXPECT_EQ(parameter_count(MlpPolicy(agents::paper_mlp_policy(), 0)), 63826);  // spec A.3
}

TEST(MlpPolicy, HasTheParametersOfThePilot) {
  MlpPolicyConfig config;
  config.plan.plans = 25;

  EXPECT_EQ(parameter_count(MlpPolicy(config, 0)), 583424);  // "583 k", spec C.10
}

TEST(MlpPolicy, HasTheGradientOfFiniteDifferences) {
  MlpPolicyConfig config = small_policy("mlp").mlp;
  config.keypoints = 2;
  config.history = 2;
  config.width = 3;
  config.hidden = 3;
  config.head.chunk = 2;
  MlpPolicy policy(config, 3);
  policy.to(torch::kFloat64);
  const agents::Sample sample = random_sample(policy, 3);
  const auto loss = [&] { return policy.losses(sample).at("total"); };
  loss().backward();

  for (const auto& parameter : policy.named_parameters()) {
    const Tensor numeric = numeric_gradient(loss, parameter.value().detach());
    EXPECT_LT((parameter.value().grad() - numeric).abs().max().item<double>(), 1e-7)
        << parameter.key();
  }
}

TEST(MlpPolicy, HasNoPlanInThePapersForm) {
  MlpPolicyConfig config = agents::paper_mlp_policy();
  config.plan.plans = 3;

  EXPECT_EQ(error_of([&] { MlpPolicy(config, 0); }),
            "MlpPolicy: plan.plans: expected 0 in the paper's form, got 3");
}

}  // namespace
}  // namespace mint::tests
