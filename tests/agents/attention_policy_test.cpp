#include "agents/attention_policy.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "agents/attention_layer.h"
#include "tests/agents/policy_samples.h"
#include "tests/dynamics/numeric_gradient.h"
#include "tests/support/error_of.h"

namespace mint::tests {
namespace {

using agents::AttentionPolicy;
using agents::AttentionPolicyConfig;
using agents::Observation;
using agents::Sample;
using torch::Tensor;

AttentionPolicyConfig tiny_attention() {
  AttentionPolicyConfig config = small_policy("attention").attention;
  config.keypoints = 3;
  config.history = 2;
  config.width = 4;
  config.feed_forward = 4;
  config.readout_width = 4;
  config.head.chunk = 2;
  config.plan.plans = 2;
  config.plan.width = 2;
  return config;
}

TEST(AttentionLayer, IsThePlainFormulaOfAttention) {
  constexpr int64_t kCount = 2, kLength = 3, kWidth = 4, kHeads = 2, kDepth = 2;
  torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  agents::AttentionLayer layer(agents::AttentionLayerConfig{kWidth, kHeads, 5, 0, 0});
  layer->to(torch::kFloat64);
  const auto parameters = layer->named_parameters();
  const auto linear = [&](const std::string& name, const Tensor& x) {
    return torch::linear(x, parameters[name + ".weight"], parameters[name + ".bias"]);
  };
  const Tensor tokens = torch::randn({kCount, kLength, kWidth}, torch::kFloat64);
  const Tensor bias = torch::randn({kHeads * kCount, kLength, kLength}, torch::kFloat64);

  const Tensor out = layer->forward(tokens, bias, {}, nullptr);

  for (int64_t n = 0; n < kCount; ++n) {
    const auto reads = linear("reads", torch::layer_norm(tokens[n], {kWidth})).chunk(3, 1);
    std::vector<Tensor> heads;
    for (int64_t h = 0; h < kHeads; ++h) {
      const auto part = [&](const Tensor& x) { return x.narrow(1, h * kDepth, kDepth); };
      const Tensor logits = part(reads[0]).mm(part(reads[1]).t()) / std::sqrt(2.0);
      const Tensor weights = (logits + bias[h * kCount + n]).softmax(1);
      heads.push_back(weights.mm(part(reads[2])));
    }
    const Tensor x = tokens[n] + linear("mixed", torch::cat(heads, 1));
    const Tensor inner = torch::gelu(linear("feed_forward.inner", torch::layer_norm(x, {kWidth})));
    const Tensor expected = x + linear("feed_forward.outer", inner);
    EXPECT_LT((out[n] - expected).abs().max().item<double>(), 1e-12);
  }
}

TEST(AttentionPolicy, DecidesWhereNoKeypointIsActive) {
  AttentionPolicy policy(small_policy("attention").attention, 0);
  Observation observation = random_observation(policy, 2);
  const Tensor before = policy.logits(observation);
  observation.active[0].zero_();

  const Tensor after = policy.logits(observation);

  EXPECT_TRUE(torch::isfinite(after).all().item<bool>());
  EXPECT_TRUE(torch::equal(after[1], before[1]));
  EXPECT_FALSE(torch::equal(after[0], before[0]));
  Sample sample = random_sample(policy, 2);
  sample.observation.active.zero_();
  policy.train();
  EXPECT_TRUE(torch::isfinite(policy.losses(sample).at("total")).item<bool>());
}

TEST(AttentionPolicy, DoesNotSeeAKeypointThatIsInactiveInTheNewestFrame) {
  AttentionPolicy policy(small_policy("attention").attention, 0);
  Observation observation = random_observation(policy, 2);
  observation.active.fill_(1);
  observation.active[0][2][1] = 0;
  const Tensor before = policy.logits(observation);

  observation.xy[0][0][1] = 0.987;  // still active in the older frames

  EXPECT_TRUE(torch::equal(policy.logits(observation), before));
}

TEST(AttentionPolicy, HasTheGradientOfFiniteDifferences) {
  AttentionPolicy policy(tiny_attention(), 3);
  policy.to(torch::kFloat64);
  const Sample sample = random_sample(policy, 3);
  const auto loss = [&] { return policy.losses(sample).at("total"); };
  loss().backward();

  for (const auto& parameter : policy.named_parameters()) {
    const Tensor numeric = numeric_gradient(loss, parameter.value().detach());
    EXPECT_LT((parameter.value().grad() - numeric).abs().max().item<double>(), 1e-7)
        << parameter.key();
  }
}

TEST(AttentionPolicy, PredictsTheDisplacementsOfKeypointsThatAreActiveNowAndThen) {
  AttentionPolicy policy(tiny_attention(), 3);
  for (const auto& parameter : policy.named_parameters()) {
    torch::NoGradGuard no_grad;
    if (parameter.key().find("displacement") == 0) parameter.value().zero_();
  }
  Sample sample = random_sample(policy, 1);
  sample.observation.xy.fill_(0.5);
  sample.observation.active.fill_(1);
  sample.observation.active[0][1][2] = 0;
  sample.next_active = torch::tensor({{{1.0f, 0.0f, 1.0f}, {0.0f, 1.0f, 0.0f}}});
  sample.next_xy.fill_(0.9);
  sample.next_xy[0][0][0] = torch::tensor({0.51f, 0.53f});
  sample.next_xy[0][1][1] = torch::tensor({0.48f, 0.50f});

  const agents::Losses losses = policy.losses(sample);

  // Displacements (0.02, 0.06) and (-0.04, 0) of half the image, times 5, with prediction 0:
  // (0.1^2 + 0.3^2 + 0.2^2) / 2 over four coordinates.
  EXPECT_NEAR(losses.at("prediction").item<double>(), 0.0175, 1e-6);
  EXPECT_NEAR(losses.at("total").item<double>(),
              losses.at("action").item<double>() + losses.at("prediction").item<double>(), 1e-6);
}

TEST(AttentionPolicy, NamesWhatItExpects) {
  AttentionPolicy policy(AttentionPolicyConfig{}, 0);
  AttentionPolicyConfig config;
  config.heads = 5;

  EXPECT_EQ(error_of([&] { policy.logits({}); }),
            "AttentionPolicy.logits: xy: expected [N, 4, 25, 2], got no tensor");
  EXPECT_EQ(error_of([&] { AttentionPolicy(config, 0); }),
            "AttentionPolicy: heads: expected a divisor of width 64, got 5");
}

}  // namespace
}  // namespace mint::tests
