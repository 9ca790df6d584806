#include "training/rollout.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "envs/env.h"
#include "tests/training/fake_detector.h"
#include "tests/training/stubborn_policy.h"
#include "training/coverage.h"

namespace mint::training {
namespace {

using tests::one_keypoint;
using tests::StubbornPolicy;

perception::Keypoints at(float x) {
  return {torch::full({2, 1, 2}, x), torch::full({2, 1}, x)};
}

TEST(ObservationWindow, IsFilledByTheFirstFrameAndForgetsTheOldest) {
  ObservationWindow window(3);

  window.push(at(1));
  const auto first = window.observation();
  for (const float x : {2.f, 3.f, 4.f}) window.push(at(x));
  const auto last = window.observation();

  EXPECT_EQ(first.xy.sizes(), (std::vector<int64_t>{2, 3, 1, 2}));
  EXPECT_TRUE(torch::equal(first.active[0].squeeze(1), torch::tensor({1.f, 1.f, 1.f})));
  EXPECT_TRUE(torch::equal(last.active[1].squeeze(1), torch::tensor({2.f, 3.f, 4.f})));
}

TEST(RollOut, IsWhatTheEnvironmentDoes) {
  const int action = 1;  // drive forward, gripper open
  const Agent agent{one_keypoint(1), std::make_shared<StubbornPolicy>(action)};
  envs::Env env("MoveToRegion", "TestJitter");
  env.reset(5);
  double expected = 0;
  for (int step = 0; step < 40; ++step) expected = env.step(action).score;

  const auto episodes = roll_out(agent, {"MoveToRegion", "TestJitter", {4, 5}, {}, 1}, nullptr);

  ASSERT_EQ(episodes.size(), 2u);
  EXPECT_EQ(episodes[1].seed, 5u);
  EXPECT_EQ(episodes[1].score, expected);
  EXPECT_EQ(episodes[1].actions, std::vector<int>(40, action));
}

TEST(RollOut, ExecutesWhatOverrulesThePolicyAndShowsTheEnd) {
  const Agent agent{one_keypoint(1), std::make_shared<StubbornPolicy>(1)};
  std::vector<size_t> decided;

  const auto episodes = roll_out(agent, {"MoveToRegion", "Demo", {1, 2}, {}, 1}, nullptr,
                                 [&](const RolloutMoment& moment) {
                                   EXPECT_EQ(moment.step, static_cast<int>(decided.size()));
                                   EXPECT_EQ(moment.envs.env(1).steps(), moment.step);
                                   EXPECT_EQ(moment.observation.xy.size(1), 4);
                                   decided.push_back(moment.actions.size());
                                   return std::vector<int>{moment.step % 2, 4};
                                 });

  EXPECT_EQ(decided.size(), 41u);
  EXPECT_EQ(decided.front(), 2u);
  EXPECT_EQ(decided.back(), 0u);
  EXPECT_EQ(episodes[0].actions[7], 1);
  EXPECT_EQ(episodes[1].actions, std::vector<int>(40, 4));
}

// Keeps what it was shown.
class PixelPolicy : public agents::Policy {
 public:
  torch::Tensor logits(const agents::Observation& observation) override {
    seen_.push_back(observation);
    return torch::zeros({observation.frames.size(0), 2, 18});
  }
  agents::Losses losses(const agents::Sample&) override { return {}; }
  int64_t history() const override { return 4; }
  int64_t chunk() const override { return 2; }
  int64_t keypoints() const override { return 0; }
  int64_t plans() const override { return 3; }
  std::string name() const override { return "pixels"; }

  std::vector<agents::Observation> seen_;
};

TEST(RollOut, ShowsPixelsAndThePlanToAPolicyWithoutADetector) {
  const auto policy = std::make_shared<PixelPolicy>();

  const auto episodes =
      roll_out({nullptr, policy}, {"MoveToRegion", "Demo", {1, 1}, {2, -1}, 1}, nullptr);

  EXPECT_EQ(policy->seen_.size(), 40u);
  EXPECT_EQ(policy->seen_[0].frames.sizes(), (std::vector<int64_t>{2, 4, 3, 96, 96}));
  EXPECT_TRUE(torch::equal(policy->seen_[7].plan, torch::tensor({2, -1})));
  envs::Env env("MoveToRegion", "Demo");
  env.reset(1);
  const auto& frame = env.frame();
  EXPECT_EQ(policy->seen_[0].frames[1][3][2][50][40].item<int>(), frame[(50 * 96 + 40) * 3 + 2]);
}

TEST(RollOut, GivesEveryEpisodeTheSameWithAnyNumberOfThreads) {
  const Agent agent{one_keypoint(1), std::make_shared<StubbornPolicy>(4)};
  const std::vector<uint64_t> seeds = {1, 2, 3};

  const auto one = roll_out(agent, {"MoveToCorner", "TestJitter", seeds, {}, 1}, nullptr);
  const auto two = roll_out(agent, {"MoveToCorner", "TestJitter", seeds, {}, 2}, nullptr);
  const auto alone = roll_out(agent, {"MoveToCorner", "TestJitter", {3}, {}, 1}, nullptr);

  for (size_t i = 0; i < seeds.size(); ++i) EXPECT_EQ(one[i].score, two[i].score);
  EXPECT_EQ(alone[0].score, one[2].score);
}

TEST(Coverage, IsNothingWithoutActiveKeypoints) {
  const auto coverage = measure_coverage(*one_keypoint(0), "MoveToCorner", {1});

  EXPECT_EQ(coverage.frames, 81);
  EXPECT_EQ(coverage.robot, 0);
  EXPECT_EQ(coverage.blocks_near, 0);
  EXPECT_EQ(coverage.active, 0);
}

TEST(Coverage, IsEverythingWithAKeypointOnEveryPixel) {
  std::vector<float> centres;
  for (int y = 0; y < 96; ++y) {
    for (int x = 0; x < 96; ++x) {
      centres.push_back((static_cast<float>(x) + 0.5f) / 96);
      centres.push_back((static_cast<float>(y) + 0.5f) / 96);
    }
  }
  tests::FakeDetector detector(torch::tensor(centres).view({96 * 96, 2}), torch::ones({96 * 96}));

  const auto coverage = measure_coverage(detector, "MoveToCorner", {1});

  EXPECT_EQ(coverage.robot, 1);
  EXPECT_EQ(coverage.blocks, 1);
}

}  // namespace
}  // namespace mint::training
