#include "agents/interaction_policy.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "agents/registry.h"
#include "tests/agents/policy_samples.h"
#include "tests/dynamics/numeric_gradient.h"
#include "tests/support/error_of.h"

namespace mint::tests {
namespace {

using agents::InteractionPolicy;
using agents::InteractionPolicyConfig;
using agents::Observation;
using agents::Sample;
using torch::Tensor;

InteractionPolicyConfig joint() {
  return {};
}
InteractionPolicyConfig paper() {
  return agents::paper_interaction_policy();
}

InteractionPolicyConfig tiny(InteractionPolicyConfig config) {
  config.keypoints = 3;
  config.history = 2;
  config.actions = 4;
  config.latent = 3;
  config.hidden = 4;
  config.effect = 4;
  config.index_embedding = config.index_embedding > 0 ? 2 : 0;
  config.head_hidden = 4;
  config.keypoint_noise = 0;
  return config;
}

Observation random_window(const InteractionPolicyConfig& config, int64_t count,
                          uint64_t seed = 11) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  Observation observation;
  observation.xy = torch::rand({count, config.history, config.keypoints, 2}, generator);
  observation.active =
      torch::rand({count, config.history, config.keypoints}, generator).lt(0.8).to(torch::kFloat32);
  return observation;
}

Sample interaction_sample(const InteractionPolicyConfig& config, int64_t count) {
  const Observation next = random_window(config, count, 12);
  Sample sample;
  sample.observation = random_window(config, count);
  sample.actions = (torch::arange(count) % config.actions).unsqueeze(1);
  sample.next_xy = next.xy.narrow(1, 0, 1).contiguous();
  sample.next_active = next.active.narrow(1, 0, 1).contiguous();
  return sample;
}

TEST(InteractionPolicy, HasThePapersParameterCount) {
  EXPECT_EQ(parameter_count(InteractionPolicy(paper(), 0)), 193385);  // spec A.1
}

TEST(InteractionPolicy, GivesOneRowOfLogitsPerDecision) {
  for (const char* head : {"flat", "pooled"}) {
    for (InteractionPolicyConfig config : {joint(), paper()}) {
      config.head = head;
      InteractionPolicy policy(config, 0);

      const Tensor logits = policy.logits(random_window(config, 2));

      EXPECT_EQ(logits.sizes(), at::IntArrayRef({2, 1, 18}));
      EXPECT_TRUE(torch::isfinite(logits).all().item<bool>());
    }
  }
}

TEST(InteractionPolicy, IgnoresWhereAnInactiveKeypointIs) {
  for (const InteractionPolicyConfig& config : {joint(), paper()}) {
    InteractionPolicy policy(config, 0);
    Observation observation = random_window(config, 3);
    observation.active[1][2][7] = 0;
    const Tensor before = policy.logits(observation);

    observation.xy[1][2][7] = 0.987;

    EXPECT_TRUE(torch::equal(policy.logits(observation), before));
  }
}

TEST(InteractionPolicy, SeesAnActiveKeypointMoveInEveryFrame) {
  for (const InteractionPolicyConfig& config : {joint(), paper()}) {
    InteractionPolicy policy(config, 0);
    Observation observation = random_window(config, 1);
    observation.active.fill_(1);
    for (int64_t frame = 0; frame < 4; ++frame) {
      const Tensor before = policy.logits(observation);

      observation.xy[0][frame][7] += 0.1;

      EXPECT_GT((policy.logits(observation) - before).abs().max().item<double>(), 1e-6) << frame;
    }
  }
}

TEST(InteractionPolicy, GivesEveryDecisionTheSameAsAlone) {
  for (const InteractionPolicyConfig& config : {joint(), paper()}) {
    InteractionPolicy policy(config, 0);
    const Observation all = random_window(config, 33);
    const Tensor together = policy.logits(all);
    for (int64_t n : {0, 17, 32}) {
      Observation alone;
      alone.xy = all.xy.narrow(0, n, 1);
      alone.active = all.active.narrow(0, n, 1);

      const Tensor difference = policy.logits(alone)[0] - together[n];

      EXPECT_EQ(difference.abs().max().item<double>(), 0);
    }
  }
}

TEST(InteractionPolicy, TakesItsWeightsFromTheSeedAlone) {
  for (const InteractionPolicyConfig& config : {joint(), paper()}) {
    torch::manual_seed(1);
    const InteractionPolicy first(config, 5);
    torch::manual_seed(2);
    const InteractionPolicy same(config, 5), other(config, 6);

    for (const auto& parameter : first.named_parameters()) {
      EXPECT_TRUE(torch::equal(parameter.value(), same.named_parameters()[parameter.key()]));
      EXPECT_FALSE(torch::equal(parameter.value(), other.named_parameters()[parameter.key()]));
    }
  }
}

TEST(InteractionPolicy, HasTheGradientOfFiniteDifferences) {
  for (InteractionPolicyConfig config : {tiny(joint()), tiny(paper())}) {
    for (const char* head : {"flat", "pooled"}) {
      config.head = head;
      InteractionPolicy policy(config, 3);
      policy.to(torch::kFloat64);
      const Sample sample = interaction_sample(config, 4);
      const auto loss = [&] { return policy.losses(sample).at("total"); };
      loss().backward();

      for (const auto& parameter : policy.named_parameters()) {
        const Tensor numeric = numeric_gradient(loss, parameter.value().detach());
        EXPECT_LT((parameter.value().grad() - numeric).abs().max().item<double>(), 1e-7)
            << config.graph << " " << head << " " << parameter.key();
      }
    }
  }
}

// All outputs of a policy whose last layers are zero: logits 0, predictions 0.
void silence(InteractionPolicy& policy) {
  torch::NoGradGuard no_grad;
  for (const auto& parameter : policy.named_parameters()) {
    const std::string& name = parameter.key();
    if (name.find("output") != std::string::npos) parameter.value().zero_();
  }
}

TEST(InteractionPolicy, PredictsTheDisplacementOfKeypointsThatStayActive) {
  InteractionPolicyConfig config = tiny(joint());
  InteractionPolicy policy(config, 3);
  silence(policy);
  Sample sample = interaction_sample(config, 1);
  sample.observation.xy.fill_(0.5);
  sample.observation.active.fill_(1);
  sample.observation.active[0][1][2] = 0;  // keypoint 2 is inactive in the newest frame
  sample.next_active = torch::tensor({{{1.0f, 0.0f, 1.0f}}});
  sample.next_xy = torch::tensor({{{{0.51f, 0.53f}, {0.9f, 0.9f}, {0.9f, 0.9f}}}});

  const agents::Losses losses = policy.losses(sample);

  // Only keypoint 0 counts; its displacement is (0.02, 0.06) of half the image, times 5:
  // (0.1^2 / 2 + 0.3^2 / 2) / 2 = 0.025. Cross-entropy of 4 equal logits: ln 4.
  EXPECT_NEAR(losses.at("prediction").item<double>(), 0.025, 1e-6);
  EXPECT_NEAR(losses.at("action").item<double>(), 1.386294, 1e-6);
  EXPECT_NEAR(losses.at("total").item<double>(), 1.411294, 1e-6);
}

TEST(InteractionPolicy, PairsEachFrameOfThePapersFormWithTheFollowingOne) {
  InteractionPolicyConfig config = tiny(paper());
  InteractionPolicy policy(config, 3);
  silence(policy);
  Sample sample = interaction_sample(config, 1);
  sample.observation.xy.fill_(0.5);
  sample.observation.active.fill_(1);
  sample.observation.xy[0][0][0][0] = 1;     // frame 0 is nobody's target
  sample.observation.xy[0][1][0][0] = 0.75;  // target of frame 0: x = 0.5
  sample.next_active = torch::ones({1, 1, 3});
  sample.next_xy = torch::full({1, 1, 3, 2}, 0.5);
  sample.next_xy[0][0][1][1] = 0.9;  // target of frame 1: y = 0.8

  const agents::Losses losses = policy.losses(sample);

  // Huber with prediction 0: (0.5^2 + 0.8^2) / 2 over 2 frames x 3 keypoints x 2 coordinates.
  EXPECT_NEAR(losses.at("prediction").item<double>(), 0.445 / 12, 1e-6);
  EXPECT_NEAR(losses.at("total").item<double>(), 10 * 1.386294 + 0.445 / 12, 1e-5);
}

TEST(InteractionPolicy, AddsNoiseInTrainingOnly) {
  InteractionPolicyConfig config = tiny(joint());
  config.keypoint_noise = 0.1;
  InteractionPolicy policy(config, 3);
  const Sample sample = interaction_sample(config, 4);
  const auto loss = [&] { return policy.losses(sample).at("action").item<double>(); };

  policy.eval();
  EXPECT_EQ(loss(), loss());
  policy.train();
  EXPECT_NE(loss(), loss());
}

TEST(InteractionPolicy, ResumesItsNoiseWhereTheSavedBuffersSay) {
  InteractionPolicyConfig config = tiny(joint());
  config.keypoint_noise = 0.1;
  config.offset_noise = 0.1;
  config.keypoint_dropout = 0.2;
  InteractionPolicy uninterrupted(config, 3), resumed(config, 3);
  const Sample sample = interaction_sample(config, 4);
  uninterrupted.losses(sample);

  for (auto& buffer : resumed.named_buffers()) {
    buffer.value().copy_(uninterrupted.named_buffers()[buffer.key()]);
  }

  EXPECT_EQ(resumed.losses(sample).at("total").item<double>(),
            uninterrupted.losses(sample).at("total").item<double>());
}

TEST(InteractionPolicy, LearnsATinyDataSetByHeart) {
  for (InteractionPolicyConfig config : {tiny(joint()), tiny(paper())}) {
    config.hidden = config.effect = config.head_hidden = 16;
    InteractionPolicy policy(config, 3);
    const Sample sample = interaction_sample(config, 8);
    torch::optim::Adam optimiser(policy.parameters(), torch::optim::AdamOptions(1e-2));

    for (int step = 0; step < 150; ++step) {
      optimiser.zero_grad();
      policy.losses(sample).at("total").backward();
      optimiser.step();
    }

    const Tensor choice = policy.logits(sample.observation).argmax(2);
    EXPECT_TRUE(torch::equal(choice, sample.actions)) << config.graph;
  }
}

TEST(InteractionPolicy, NamesTheShapeThatItExpects) {
  InteractionPolicy policy(joint(), 0);
  InteractionPolicyConfig other = joint();
  other.keypoints = 20;
  Observation observation = random_window(other, 2);

  EXPECT_EQ(error_of([&] { policy.logits(observation); }),
            "InteractionPolicy.logits: xy: expected [N, 4, 25, 2], got [2, 4, 20, 2]");
  observation.xy = torch::zeros({2, 4, 25, 2});
  EXPECT_EQ(error_of([&] { policy.logits(observation); }),
            "InteractionPolicy.logits: active: expected [2, 4, 25], got [2, 4, 20]");
  EXPECT_EQ(error_of([&] { policy.losses({}); }),
            "InteractionPolicy.losses: xy: expected [N, 4, 25, 2], got no tensor");
}

TEST(InteractionPolicy, NamesTheConfigValueThatItRejects) {
  InteractionPolicyConfig config = joint();
  config.graph = "tree";
  EXPECT_EQ(error_of([&] { InteractionPolicy(config, 0); }),
            "InteractionPolicy: graph: expected joint_graph or frame_graphs, got \"tree\"");

  config = joint();
  config.keypoint_dropout = 1;
  EXPECT_EQ(error_of([&] { InteractionPolicy(config, 0); }),
            "InteractionPolicy: keypoint_dropout: expected 0 <= p < 1, got 1");
}

TEST(Registry, MakesAPolicyByName) {
  agents::PolicyConfig config;
  config.interaction.keypoints = 7;

  const auto policy = agents::make_policy(config, 0);

  EXPECT_EQ(policy->name(), "interaction");
  EXPECT_EQ(policy->keypoints(), 7);
  EXPECT_EQ(policy->history(), 4);
}

TEST(Registry, ListsTheKnownNamesWhenOneIsUnknown) {
  agents::PolicyConfig config;
  config.name = "telepathy";

  EXPECT_EQ(error_of([&] { agents::make_policy(config, 0); }),
            "make_policy: name: expected one of attention, cnn, interaction, mlp, got "
            "\"telepathy\"");
}

}  // namespace
}  // namespace mint::tests
