#include "training/plan_choice.h"

#include <memory>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/training/fake_detector.h"

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

// Sees one keypoint: where the image is dark, in the mean.
class DarkCentre : public tests::FakeDetector {
 public:
  DarkCentre() : FakeDetector(torch::zeros({1, 2}), torch::ones({1})) {}
  perception::Keypoints detect(const torch::Tensor& images) override {
    const torch::Tensor dark = (255 - images.to(torch::kFloat32)).mean(1);  // [N, H, W]
    const torch::Tensor sum = dark.sum({1, 2}), place = torch::linspace(0, 1, dark.size(1));
    const torch::Tensor x = (dark.sum(1) * place).sum(1) / sum;
    const torch::Tensor y = (dark.sum(2) * place).sum(1) / sum;
    return {torch::stack({x, y}, 1).unsqueeze(1), torch::ones({images.size(0), 1})};
  }
};

// Drives forward along plan 1 and stands still along any other.
class DrivesAlongOne : public OneAction {
 public:
  torch::Tensor logits(const agents::Observation& observation) override {
    auto logits = torch::zeros({observation.xy.size(0), 1, 18});
    logits.select(2, 1).copy_(observation.plan.eq(1).unsqueeze(1));
    return logits;
  }
};

TEST(ChooseRetracedPlan, TakesTheOneWhoseRolloutsEndLikeItsDemonstrations) {
  const auto policy = std::make_shared<DrivesAlongOne>();
  const Agent agent{std::make_shared<DarkCentre>(), policy};
  RolloutConfig drive{"MoveToRegion", "Demo", {0}, {1}, 1};
  perception::Keypoints end;
  roll_out(agent, drive, nullptr, [&](const RolloutMoment& moment) {
    end = {moment.observation.xy[0].select(0, -1), moment.observation.active[0].select(0, -1)};
    return moment.actions;
  });
  const std::vector<int> actions(40, 1);
  auto dataset =
      make_policy_dataset({episode(actions), episode(actions), episode(actions)}, {1, 1});
  dataset.keypoints = {torch::zeros({3 * 41, 1, 2}), torch::ones({3 * 41, 1})};
  for (const int64_t last : {40, 81, 122}) dataset.keypoints.xy[last] = end.xy;  // all drove

  const RetracedPlan choice = choose_retraced_plan(agent, "MoveToRegion", dataset, 7, nullptr);

  EXPECT_EQ(choice.plan, 1);
  EXPECT_EQ(policy->chosen, 1);
  ASSERT_EQ(choice.misses.size(), 3u);
  EXPECT_LT(choice.misses[1], 0.7 * choice.misses[0]);
  EXPECT_EQ(choice.misses[0], choice.misses[2]);
}

TEST(KeypointDistance, LooksForTheNearestAndNotForTheIndex) {
  const auto xy = [](const std::vector<float>& numbers) {
    return torch::tensor(numbers).view({-1, 2});
  };
  const perception::Keypoints a = {xy({0.1f, 0.1f, 0.5f, 0.5f, 0.9f, 0.9f}),
                                   torch::tensor({1.f, 1.f, 0.f})};
  const perception::Keypoints b = {xy({0.5f, 0.5f, 0.0f, 0.0f, 0.1f, 0.4f}),
                                   torch::tensor({1.f, 0.f, 1.f})};
  const perception::Keypoints none = {b.xy, torch::zeros({3})};

  // There 0.3 and 0, back 0 and 0.3.
  EXPECT_NEAR(keypoint_distance(a, b), 0.15, 1e-6);
  EXPECT_NEAR(keypoint_distance(a, none), 1.414214, 1e-6);
  EXPECT_EQ(keypoint_distance(none, none), 0);
}

}  // namespace
}  // namespace mint::training
