// What every policy of the registry promises.
#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "agents/registry.h"
#include "tests/agents/policy_samples.h"

namespace mint::tests {
namespace {

using agents::Observation;
using agents::Policy;
using agents::Sample;
using torch::Tensor;
using PolicyPointer = std::shared_ptr<Policy>;

double total(Policy& policy, const Sample& sample) {
  return policy.losses(sample).at("total").item<double>();
}

Observation one_row(const Observation& all, int64_t n) {
  const auto row = [n](const Tensor& rows) { return rows.defined() ? rows.narrow(0, n, 1) : rows; };
  return {row(all.xy), row(all.active), row(all.frames), row(all.plan)};
}

TEST(PolicyContract, IsCheckedForEveryPolicyOfTheRegistry) {
  std::set<std::string> checked;
  for (const std::string& kind : policy_kinds()) {
    checked.insert(agents::make_policy(small_policy(kind), 0)->name());
  }

  const std::vector<std::string> names = agents::policy_names();
  EXPECT_EQ(checked, std::set<std::string>(names.begin(), names.end()));
}

TEST(PolicyContract, GivesFiniteLogitsOfEveryStepOfTheChunk) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(small_policy(kind), 0);

    const Tensor logits = policy->logits(random_observation(*policy, 2));

    EXPECT_EQ(logits.sizes(), at::IntArrayRef({2, policy->chunk(), 18})) << kind;
    EXPECT_TRUE(torch::isfinite(logits).all().item<bool>()) << kind;
  }
}

TEST(PolicyContract, GivesEveryDecisionTheSameAsAlone) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(small_policy(kind), 0);
    policy->eval();
    const Observation all = random_observation(*policy, 9);
    const Tensor together = policy->logits(all);

    for (int64_t n : {0, 4, 8}) {
      EXPECT_TRUE(torch::equal(policy->logits(one_row(all, n))[0], together[n])) << kind;
    }
  }
}

TEST(PolicyContract, GivesTheSameLogitsInTrainingAndEvaluationMode) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(noisy_policy(kind), 0);
    const Observation observation = random_observation(*policy, 2);
    const Tensor training = policy->logits(observation);
    EXPECT_TRUE(policy->is_training()) << kind;

    policy->eval();

    EXPECT_TRUE(torch::equal(policy->logits(observation), training)) << kind;
  }
}

TEST(PolicyContract, NeverReadsThePositionOfAnInactiveKeypoint) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(small_policy(kind), 0);
    if (policy->keypoints() == 0) continue;
    for (int64_t frame = 0; frame < policy->history(); ++frame) {
      Sample sample = random_sample(*policy, 3);
      sample.observation.active[1][frame][2] = 0;
      sample.next_active[1][0][3] = 0;
      policy->eval();
      const Tensor before = policy->logits(sample.observation);
      const double loss_before = total(*policy, sample);

      sample.observation.xy[1][frame][2] = 0.987;
      sample.next_xy[1][0][3] = 0.987;

      EXPECT_TRUE(torch::equal(policy->logits(sample.observation), before)) << kind;
      EXPECT_EQ(total(*policy, sample), loss_before) << kind;
    }
  }
}

TEST(PolicyContract, SeesAnActiveKeypointMoveInEveryFrame) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(small_policy(kind), 0);
    if (policy->keypoints() == 0) continue;
    policy->eval();
    Observation observation = random_observation(*policy, 1);
    observation.active.fill_(1);
    for (int64_t frame = 0; frame < policy->history(); ++frame) {
      const Tensor before = policy->logits(observation);

      observation.xy[0][frame][2] += 0.1;

      const Tensor change = policy->logits(observation) - before;
      EXPECT_GT(change.abs().max().item<double>(), 1e-6) << kind << " " << frame;
    }
  }
}

TEST(PolicyContract, DecidesWithoutAnyActiveKeypoint) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(small_policy(kind), 0);
    if (policy->keypoints() == 0) continue;
    Sample sample = random_sample(*policy, 3);
    sample.observation.active.zero_();

    const Tensor loss = policy->losses(sample).at("total");
    loss.backward();

    EXPECT_TRUE(torch::isfinite(policy->logits(sample.observation)).all().item<bool>()) << kind;
    EXPECT_TRUE(torch::isfinite(loss).item<bool>()) << kind;
    for (const Tensor& parameter : policy->parameters()) {
      if (!parameter.grad().defined()) continue;
      EXPECT_TRUE(torch::isfinite(parameter.grad()).all().item<bool>()) << kind;
    }
  }
}

TEST(PolicyContract, TakesItsWeightsFromTheSeedAlone) {
  for (const std::string& kind : policy_kinds()) {
    torch::manual_seed(1);
    const PolicyPointer first = agents::make_policy(small_policy(kind), 5);
    torch::manual_seed(2);
    const PolicyPointer same = agents::make_policy(small_policy(kind), 5);
    const PolicyPointer other = agents::make_policy(small_policy(kind), 6);

    for (const auto& parameter : first->named_parameters()) {
      EXPECT_TRUE(torch::equal(parameter.value(), same->named_parameters()[parameter.key()]))
          << kind << " " << parameter.key();
      if (parameter.key().find("norm") != std::string::npos) continue;  // starts the same anyway
      EXPECT_FALSE(torch::equal(parameter.value(), other->named_parameters()[parameter.key()]))
          << kind << " " << parameter.key();
    }
  }
}

TEST(PolicyContract, TakesItsNoiseFromTheSeedAlone) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer first = agents::make_policy(noisy_policy(kind), 5);
    const PolicyPointer same = agents::make_policy(noisy_policy(kind), 5);
    const Sample sample = random_sample(*first, 4);
    torch::manual_seed(1);
    const double loss = total(*first, sample), later = total(*first, sample);

    torch::manual_seed(2);

    EXPECT_EQ(total(*same, sample), loss) << kind;
    EXPECT_NE(later, loss) << kind;
  }
}

TEST(PolicyContract, ResumesItsNoiseWhereTheSavedBuffersSay) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer uninterrupted = agents::make_policy(noisy_policy(kind), 3);
    const PolicyPointer resumed = agents::make_policy(noisy_policy(kind), 3);
    const Sample sample = random_sample(*uninterrupted, 4);
    uninterrupted->losses(sample);

    for (auto& buffer : resumed->named_buffers()) {
      buffer.value().copy_(uninterrupted->named_buffers()[buffer.key()]);
    }

    EXPECT_EQ(total(*resumed, sample), total(*uninterrupted, sample)) << kind;
  }
}

TEST(PolicyContract, AddsNoNoiseInEvaluationMode) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(noisy_policy(kind), 3);
    policy->eval();
    const Sample sample = random_sample(*policy, 4);

    EXPECT_EQ(total(*policy, sample), total(*policy, sample)) << kind;
  }
}

TEST(PolicyContract, SwapsNeighboursInTrainingAlone) {
  for (const std::string& kind : policy_kinds()) {
    agents::PolicyConfig config = small_policy(kind);
    config.attention.noise.pair_swap = config.interaction.pair_swap = config.mlp.noise.pair_swap =
        0.99;
    const PolicyPointer policy = agents::make_policy(config, 3);
    if (policy->keypoints() == 0 || kind == "mlp paper") continue;  // batch normalisation
    Sample sample = random_sample(*policy, 4);
    sample.observation.xy = 0.5 + 0.02 * sample.observation.xy;

    const double training = total(*policy, sample);
    policy->eval();

    EXPECT_GT(std::abs(total(*policy, sample) - training), 1e-7) << kind;
  }
}

TEST(PolicyContract, LeavesOutWhatIsBeyondTheEndOfADemonstration) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(small_policy(kind), 3);
    if (policy->chunk() == 1) continue;
    policy->eval();
    Sample sample = random_sample(*policy, 4);
    const double before = policy->losses(sample).at("action").item<double>();

    sample.actions.narrow(1, policy->chunk() - 1, 1).fill_(-1);
    const double after = policy->losses(sample).at("action").item<double>();
    sample.actions.fill_(-1);
    const double none = policy->losses(sample).at("action").item<double>();

    EXPECT_NE(before, after) << kind;
    EXPECT_EQ(none, 0) << kind;
  }
}

TEST(PolicyContract, FollowsThePlanThatIsNamedOrElseTheChosenOne) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(small_policy(kind), 3);
    if (policy->plans() == 0) continue;
    policy->eval();
    Observation observation = random_observation(*policy, 2);
    const auto logits_of = [&](const Tensor& plan) {
      observation.plan = plan;
      return policy->logits(observation);
    };
    const Tensor none = logits_of(torch::tensor({-1, -1})),
                 first = logits_of(torch::tensor({0, 0}));
    const Tensor last = logits_of(torch::tensor({2, 2}));

    EXPECT_FALSE(torch::equal(none, first)) << kind;
    EXPECT_FALSE(torch::equal(first, last)) << kind;
    EXPECT_TRUE(torch::equal(logits_of({}), none)) << kind;
    policy->choose_plan(2);
    EXPECT_TRUE(torch::equal(logits_of({}), last)) << kind;
    policy->choose_plan(-1);
    EXPECT_TRUE(torch::equal(logits_of({}), none)) << kind;
  }
}

TEST(PolicyContract, LearnsATinyDataSetByHeart) {
  for (const std::string& kind : policy_kinds()) {
    const PolicyPointer policy = agents::make_policy(small_policy(kind), 3);
    const Sample sample = random_sample(*policy, 6);
    torch::optim::Adam optimiser(policy->parameters(), torch::optim::AdamOptions(1e-2));

    const int steps = policy->keypoints() > 0 ? 120 : 40;
    for (int step = 0; step < steps; ++step) {
      optimiser.zero_grad();
      policy->losses(sample).at("total").backward();
      optimiser.step();
    }

    const Tensor choice = policy->logits(sample.observation).argmax(2);
    EXPECT_TRUE(torch::equal(choice, sample.actions)) << kind;
  }
}

}  // namespace
}  // namespace mint::tests
