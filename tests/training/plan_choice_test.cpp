#include "training/plan_choice.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace mint::training {
namespace {

// Always takes action 1.
class OneAction : public agents::Policy {
 public:
  torch::Tensor logits(const agents::Observation& observation) override {
    auto logits = torch::zeros({observation.xy.size(0), 1, 18});
    logits.select(2, 1).fill_(1);
    return logits;
  }
  agents::Losses losses(const agents::Sample&) override { return {}; }
  int64_t history() const override { return 1; }
  int64_t keypoints() const override { return 1; }
  int64_t plans() const override { return 3; }
  void choose_plan(int64_t plan) override { chosen = plan; }
  std::string name() const override { return "one"; }

  int64_t chosen = 99;
};

Episode episode(const std::vector<int>& actions) {
  Episode episode;
  episode.actions = actions;
  return episode;
}

PolicyDataset three_demonstrations() {
  auto dataset = make_policy_dataset(
      {episode({1, 1, 1, 2, 0}), episode({2, 2, 1, 0, 0}), episode({1, 1, 1, 0, 0})}, {1});
  dataset.keypoints = {torch::zeros({18, 1, 2}), torch::ones({18, 1})};
  return dataset;
}

TEST(ChoosePlan, TakesTheDemonstrationDoneFirstAndOfThoseTheOneFittedBest) {
  OneAction policy;

  EXPECT_EQ(choose_plan(policy, three_demonstrations(), "earliest"), 2);
  EXPECT_EQ(policy.chosen, 2);
}

TEST(ChoosePlan, OrTheOneFittedBestOfAll) {
  OneAction policy;

  EXPECT_EQ(choose_plan(policy, three_demonstrations(), "fitted"), 0);
}

TEST(ChoosePlan, OrNone) {
  OneAction policy;

  EXPECT_EQ(choose_plan(policy, three_demonstrations(), "none"), -1);
  EXPECT_EQ(policy.chosen, -1);
}

}  // namespace
}  // namespace mint::training
