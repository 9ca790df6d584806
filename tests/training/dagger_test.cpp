#include "training/dagger.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "agents/experts/oracle.h"
#include "agents/registry.h"
#include "envs/env.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/stubborn_policy.h"
#include "training/policy_dataset_builder.h"

namespace mint::training {
namespace {

constexpr int kForward = 1;

Agent stubborn_agent() {
  return {tests::one_keypoint(1), std::make_shared<tests::StubbornPolicy>(kForward)};
}

DaggerConfig small_round(double mixing, double noise) {
  DaggerConfig config;
  config.episodes = 2;
  config.mixing = mixing;
  config.noise = noise;
  return config;
}

std::vector<LabelledRollout> rollouts(const std::string& task, const DaggerConfig& config,
                                      int64_t round = 1, uint64_t seed = 0) {
  return labelled_rollouts(stubborn_agent(), task, config, round, seed, [] {});
}

// The environment goes through the episode again, and the expert is asked again.
TEST(LabelledRollouts, LabelEveryStateWithTheExpertsAction) {
  for (const std::string task : {"MoveToRegion", "MoveToCorner"}) {
    const auto found = rollouts(task, small_round(0.5, 0.1));

    for (const LabelledRollout& rollout : found) {
      const Episode& episode = rollout.episode;
      envs::Env env(task, "Demo");
      env.reset(episode.seed);
      experts::Oracle oracle(env.scene());
      ASSERT_EQ(episode.length(), env.task().episode_length);
      for (int64_t step = 0; step < episode.length(); ++step) {
        ASSERT_EQ(episode.actions[step], oracle.label(env.state())) << task << ", step " << step;
        oracle.executed(episode.executed_actions[step]);
        env.step(episode.executed_actions[step]);
      }
      EXPECT_EQ(episode.env_name, task + "-Demo-v0");
    }
  }
}

TEST(LabelledRollouts, HoldEveryFrameAndItsKeypoints) {
  const auto rollout = rollouts("MoveToRegion", small_round(0, 0)).back();
  envs::Env env("MoveToRegion", "Demo");
  env.reset(rollout.episode.seed);
  for (const int action : rollout.episode.executed_actions) env.step(action);
  const auto& last = env.frame();

  EXPECT_EQ(rollout.frames.sizes(), (std::vector<int64_t>{41, 3, 96, 96}));
  EXPECT_EQ(rollout.frames[40][1][50][40].item<int>(), last[(50 * 96 + 40) * 3 + 1]);
  EXPECT_EQ(rollout.keypoints.xy.sizes(), (std::vector<int64_t>{41, 1, 2}));
  EXPECT_EQ(rollout.keypoints.active.sizes(), (std::vector<int64_t>{41, 1}));
}

TEST(LabelledRollouts, AreTheExpertsThePolicysOrBoth) {
  const auto expert = rollouts("MoveToRegion", small_round(1, 0)).front();
  const auto policy = rollouts("MoveToRegion", small_round(0, 0)).front();
  const auto both = rollouts("MoveToRegion", small_round(0.5, 0)).front();

  EXPECT_EQ(expert.episode.executed_actions, expert.episode.actions);
  EXPECT_EQ(expert.episode.score, 1);
  EXPECT_EQ(policy.episode.executed_actions, std::vector<int>(40, kForward));
  EXPECT_NE(both.episode.executed_actions, expert.episode.executed_actions);
  EXPECT_NE(both.episode.executed_actions, policy.episode.executed_actions);
}

TEST(LabelledRollouts, LeaveLessToTheExpertInLaterRounds) {
  const auto share = [](int64_t round) {
    const Episode episode = rollouts("MoveToRegion", small_round(0.5, 0), round).front().episode;
    int own = 0;
    for (const int action : episode.executed_actions) own += action == kForward ? 0 : 1;
    return own;
  };

  EXPECT_GT(share(1), 5);
  EXPECT_LE(share(6), 3);  // 40 decisions, each the expert's with probability 1/64
}

TEST(LabelledRollouts, AreTheSameForTheSameSeedAlone) {
  const auto config = small_round(0.5, 0.1);
  const auto actions = [&](int64_t round, uint64_t seed) {
    return rollouts("MoveToRegion", config, round, seed).front().episode.executed_actions;
  };

  EXPECT_EQ(actions(1, 0), actions(1, 0));
  EXPECT_NE(actions(1, 0), actions(1, 1));
  EXPECT_NE(actions(1, 0), actions(2, 0));
  const auto both = rollouts("MoveToRegion", config);
  EXPECT_NE(both[0].episode.executed_actions, both[1].episode.executed_actions);
}

TEST(LabelledRollouts, CountWhereThePolicyAgrees) {
  const auto rollout = rollouts("MoveToRegion", small_round(0.5, 0)).front();
  int64_t agreed = 0;
  for (const int label : rollout.episode.actions) agreed += label == kForward ? 1 : 0;

  EXPECT_EQ(rollout.agreed, agreed);
}

TEST(PolicyDatasetBuilder, GrowsByTheDecisionsOfRollouts) {
  CloneConfig config;
  config.idle_tail = 0;
  const auto agent = stubborn_agent();
  LoadedDetector loaded;
  loaded.detector = agent.detector;
  FrameMotion moved;
  moved.shift_x_px = 1;
  PolicyDatasetBuilder builder(config, *agent.policy, loaded, {FrameMotion(), moved});

  std::vector<int64_t> sizes;
  for (const int64_t round : {1, 2}) {
    for (auto& rollout : rollouts("MoveToRegion", small_round(0.5, 0), round)) {
      builder.add_rollout(rollout.episode, rollout.frames, rollout.keypoints);
    }
    sizes.push_back(builder.build().size());
  }
  const auto dataset = builder.build();

  EXPECT_EQ(sizes, (std::vector<int64_t>{80, 160}));
  EXPECT_EQ(dataset.frames(), 4 * 41);
  EXPECT_EQ(dataset.keypoints.xy.size(0), 2 * 4 * 41);  // two copies
  EXPECT_TRUE(dataset.plan.eq(-1).all().item<bool>());
  EXPECT_EQ(dataset.windows.max().item<int64_t>(), 4 * 41 - 2);
  EXPECT_THROW(builder.add_demonstration({}, nullptr), std::logic_error);
}

TEST(PolicyDatasetBuilder, CountsEveryFrameAlsoOfCachedKeypoints) {
  const tests::TemporaryFolder folder;
  CloneConfig config;
  config.detector = folder.path().string();
  const auto agent = stubborn_agent();
  LoadedDetector loaded;
  loaded.detector = agent.detector;
  FrameMotion moved;
  moved.shift_x_px = 1;
  Episode episode;
  episode.height = episode.width = 4;
  episode.actions = std::vector<int>(99, 0);
  for (int i = 0; i < 100 * 4 * 4 * 3; ++i) episode.frames.push_back(i % 251);

  std::vector<int64_t> counted;
  for (int run = 0; run < 2; ++run) {  // the second finds the keypoints of the first
    PolicyDatasetBuilder builder(config, *agent.policy, loaded, {FrameMotion(), moved});
    counted.push_back(0);
    builder.add_demonstration(episode, [&](int64_t frames) { counted.back() += frames; });
  }

  EXPECT_EQ(counted, (std::vector<int64_t>{200, 200}));
}

TEST(Dagger, SplitsTheStepsEvenly) {
  CloneConfig config;
  config.steps = 100;
  config.dagger.rounds = 2;

  EXPECT_EQ(begin_of_round(config, 1), 33);
  EXPECT_EQ(begin_of_round(config, 2), 66);
  EXPECT_EQ(begin_of_round(config, 3), 100);
}

TEST(Dagger, NeedsAStepForEveryRoundAndNoPlan) {
  CloneConfig config;
  config.policy.name = "attention";
  config.policy.attention.plan.plans = 2;
  config.policy.attention.keypoints = 1;
  const auto policy = agents::make_policy(config.policy, 0);

  EXPECT_EQ(tests::error_of([&] { require_dagger(config, *policy); }),
            "clone: plan_choice: expected none, because the labels of DAgger belong to no plan, "
            "got \"earliest\"; or set attention.plan.plans=0");
  config.plan_choice = "none";
  EXPECT_NO_THROW(require_dagger(config, *policy));
  config.steps = 5;
  EXPECT_EQ(tests::error_of([&] { require_dagger(config, *policy); }),
            "clone: steps: expected more than dagger.rounds (5), got 5");
}

}  // namespace
}  // namespace mint::training
