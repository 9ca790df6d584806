// The path from episodes in memory to training batches.
#include <set>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "training/frame_dataset.h"
#include "training/policy_dataset.h"
#include "training/shuffled_batches.h"

namespace mint::training {
namespace {

// An episode of 2 x 2 frames; every byte of frame t is `first` + t, action t is t.
Episode small_episode(int length, int first) {
  Episode episode;
  episode.env_name = "MoveToRegion-Demo-v0";
  episode.height = episode.width = 2;
  for (int t = 0; t < length; ++t) episode.actions.push_back(t);
  for (int t = 0; t <= length; ++t) episode.frames.insert(episode.frames.end(), 12, first + t);
  return episode;
}

// Frame i of F has its K = 1 keypoint at (i, 0).
perception::Keypoints numbered_keypoints(int64_t frames) {
  auto xy = torch::zeros({frames, 1, 2});
  xy.select(2, 0).copy_(torch::arange(frames).view({frames, 1}));
  return {xy, torch::ones({frames, 1})};
}

TEST(FrameDataset, PutsEpisodesOneAfterAnotherChannelsFirst) {
  auto episode = small_episode(2, 10);
  episode.frames[0] = 1;  // red, top left, first frame
  episode.frames[1] = 2;  // green

  const auto dataset = make_frame_dataset({episode, small_episode(1, 50)});

  EXPECT_EQ(dataset.starts, (std::vector<int64_t>{0, 3, 5}));
  EXPECT_EQ(dataset.frames.sizes(), (std::vector<int64_t>{5, 3, 2, 2}));
  EXPECT_EQ(dataset.frames[0][0][0][0].item<int>(), 1);
  EXPECT_EQ(dataset.frames[0][1][0][0].item<int>(), 2);
  EXPECT_EQ(dataset.frames[4][2][1][1].item<int>(), 51);
}

TEST(FrameDataset, WindowsStayInsideAnEpisodeAndEachOccursOnce) {
  const auto dataset = make_frame_dataset({small_episode(3, 0), small_episode(1, 0)});

  EXPECT_EQ(window_starts(dataset, 3), (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(window_starts(dataset, 2), (std::vector<int64_t>{0, 1, 2, 4}));
}

PolicyDataset keypoint_dataset(const std::vector<Episode>& episodes, int64_t frames,
                               const DecisionConfig& config) {
  auto dataset = make_policy_dataset(episodes, config);
  dataset.keypoints = numbered_keypoints(frames);
  return dataset;
}

TEST(PolicyDataset, FillsTheFirstWindowsWithTheFirstFrameOfTheEpisode) {
  const auto dataset = keypoint_dataset({small_episode(2, 0), small_episode(3, 0)}, 7, {});

  const auto sample = gather_samples(dataset, {2, 4});

  EXPECT_EQ(dataset.size(), 5);
  EXPECT_TRUE(torch::equal(sample.observation.xy.select(3, 0).squeeze(2),
                           torch::tensor({{3.f, 3.f, 3.f, 3.f}, {3.f, 3.f, 4.f, 5.f}})));
  EXPECT_TRUE(torch::equal(sample.actions, torch::tensor({{0}, {2}})));
  EXPECT_TRUE(torch::equal(sample.next_xy.select(3, 0).flatten(), torch::tensor({4.f, 6.f})));
  EXPECT_TRUE(torch::equal(sample.observation.plan, torch::tensor({1, 1})));
}

TEST(PolicyDataset, NamesTheNextActionsAndWhereTheyEnd) {
  DecisionConfig config;
  config.chunk = 3;
  const auto dataset = keypoint_dataset({small_episode(2, 0), small_episode(3, 0)}, 7, config);

  const auto sample = gather_samples(dataset, {0, 3});

  EXPECT_TRUE(torch::equal(sample.actions, torch::tensor({{0, 1, -1}, {1, 2, -1}})));
  EXPECT_TRUE(torch::equal(sample.next_xy.select(3, 0).squeeze(2),
                           torch::tensor({{1.f, 2.f, 2.f}, {5.f, 6.f, 6.f}})));
  EXPECT_TRUE(torch::equal(sample.next_active.squeeze(2),
                           torch::tensor({{1.f, 1.f, 0.f}, {1.f, 1.f, 0.f}})));
}

TEST(PolicyDataset, CutsTheWaitAtTheEndOfADemonstration) {
  auto episode = small_episode(8, 0);
  episode.actions = {0, 0, 1, 2, 0, 0, 0, 0};
  DecisionConfig config;
  config.idle_tail = 2;

  const auto cut = make_policy_dataset({episode}, config);
  const auto whole = make_policy_dataset({episode}, {});

  EXPECT_TRUE(torch::equal(cut.actions.flatten(), torch::tensor({0, 0, 1, 2, 0, 0})));
  EXPECT_EQ(whole.size(), 8);
  EXPECT_EQ(cut.completion, std::vector<int64_t>{4});
}

TEST(PolicyDataset, LetsWhatWasMultipliedFromOneDemonstrationShareItsPlan) {
  EXPECT_EQ(plan_of_each({"expert", "multiplied:a:demo_1", "expert", "multiplied:a:demo_0",
                          "multiplied:a:demo_1", "multiplied:b:demo_1"}),
            (std::vector<int64_t>{0, 1, 2, 3, 1, 4}));
  auto early = small_episode(5, 0), late = small_episode(5, 0);
  early.source = late.source = "multiplied:human.h5:demo_7";
  early.actions = {1, 2, 0, 0, 0};
  late.actions = {1, 2, 1, 2, 0};

  const auto dataset = make_policy_dataset({early, late}, {});

  EXPECT_TRUE(dataset.plan.eq(0).all().item<bool>());
  EXPECT_EQ(dataset.completion, std::vector<int64_t>{3});  // mean of 2 and 4
}

TEST(PolicyDataset, OrWeighsItLess) {
  auto episode = small_episode(5, 0);
  episode.actions = {1, 2, 0, 0, 0};
  DecisionConfig config;
  config.idle_tail = 1;
  config.idle_weight = 0.25;

  const auto dataset = make_policy_dataset({episode}, config);

  EXPECT_TRUE(torch::equal(dataset.weight, torch::tensor({1.f, 1.f, 1.f, 0.25f, 0.25f})));
}

TEST(PolicyDataset, EndsTheActionsOfARolloutWhereItWasNotObeyed) {
  auto demonstration = small_episode(3, 0), rollout = small_episode(3, 0);
  demonstration.executed_actions = rollout.executed_actions = {0, 7, 2};
  DecisionConfig config;
  config.chunk = 3;

  const auto dataset = make_policy_dataset({demonstration, rollout}, config, /*rollouts=*/1);

  EXPECT_TRUE(torch::equal(dataset.actions.slice(0, 0, 3),
                           torch::tensor({{0, 1, 2}, {1, 2, -1}, {2, -1, -1}})));
  EXPECT_TRUE(torch::equal(dataset.actions.slice(0, 3, 6),
                           torch::tensor({{0, 1, -1}, {1, -1, -1}, {2, -1, -1}})));
  EXPECT_TRUE(torch::equal(dataset.plan, torch::tensor({0, 0, 0, -1, -1, -1})));
  EXPECT_EQ(dataset.plans(), 1);
}

TEST(PolicyDataset, CutsTheEndOfARolloutOnlyWhereTheExpertWaits) {
  auto demonstration = small_episode(1, 0), moving = small_episode(4, 0),
       waiting = small_episode(4, 0);
  moving.actions = {3, 1, 1, 1};
  waiting.actions = {3, 0, 0, 0};
  DecisionConfig config;
  config.idle_tail = 1;

  const auto cut = make_policy_dataset({demonstration, moving, waiting}, config, /*rollouts=*/2);
  config.idle_weight = 0.25;
  const auto weighed =
      make_policy_dataset({demonstration, moving, waiting}, config, /*rollouts=*/2);

  EXPECT_TRUE(torch::equal(cut.actions.flatten(), torch::tensor({0, 3, 1, 1, 1, 3, 0})));
  EXPECT_TRUE(torch::equal(weighed.weight,
                           torch::tensor({1.f, 1.f, 1.f, 1.f, 1.f, 1.f, 1.f, 0.25f, 0.25f})));
}

TEST(PolicyDataset, TakesSamplesFromCopiesAndSwapsLeftAndRightInTheMirror) {
  auto episode = small_episode(2, 0);
  episode.actions = {3, 7};  // turn left; turn right and drive forward
  auto dataset = keypoint_dataset({episode}, 3, {});
  dataset.keypoints = numbered_keypoints(6);
  dataset.mirrored = {false, true};

  const auto sample = gather_samples(dataset, {1, 1}, {0, 1});

  EXPECT_TRUE(torch::equal(sample.actions, torch::tensor({{7}, {4}})));
  EXPECT_TRUE(torch::equal(sample.observation.xy.select(1, 3).select(2, 0).flatten(),
                           torch::tensor({1.f, 4.f})));
  EXPECT_TRUE(torch::equal(sample.next_xy.select(3, 0).flatten(), torch::tensor({2.f, 5.f})));
}

TEST(PolicyDataset, MirrorsTheImagesOfPoliciesOnPixels) {
  auto dataset = make_policy_dataset({small_episode(1, 0)}, {});
  dataset.images = torch::arange(2 * 3 * 2 * 2).to(torch::kUInt8).view({2, 3, 2, 2});
  dataset.mirrored = {false, true};

  const auto sample = gather_samples(dataset, {0, 0}, {0, 1});

  const auto newest = sample.observation.frames.select(1, 3);
  EXPECT_TRUE(torch::equal(newest[0], dataset.images[0]));
  EXPECT_TRUE(torch::equal(newest[1], dataset.images[0].flip(2)));
}

TEST(MirroredAction, SwapsTurnsAloneAndIsItsOwnInverse) {
  EXPECT_EQ(mirrored_action(0), 0);
  EXPECT_EQ(mirrored_action(4), 7);
  EXPECT_EQ(mirrored_action(16), 13);
  for (int action = 0; action < 18; ++action) {
    EXPECT_EQ(mirrored_action(mirrored_action(action)), action);
  }
}

TEST(ShuffledBatches, EveryEpochIsAPermutationOfItsOwn) {
  ShuffledBatches batches(all_indices(10), 4, /*seed=*/1);
  std::vector<std::vector<int64_t>> epochs(2);

  for (auto& epoch : epochs) {
    for (const size_t expected : {4u, 4u, 2u}) {
      const auto batch = batches.next();
      EXPECT_EQ(batch.size(), expected);
      epoch.insert(epoch.end(), batch.begin(), batch.end());
    }
  }

  EXPECT_EQ(batches.per_epoch(), 3);
  EXPECT_NE(epochs[0], epochs[1]);
  for (const auto& epoch : epochs) {
    EXPECT_EQ(std::set<int64_t>(epoch.begin(), epoch.end()).size(), 10u);
  }
}

TEST(ShuffledBatches, DependOnTheSeedAlone) {
  ShuffledBatches one(all_indices(100), 100, 1);
  ShuffledBatches same(all_indices(100), 100, 1);
  ShuffledBatches other(all_indices(100), 100, 2);

  const auto order = one.next();

  EXPECT_EQ(order, same.next());
  EXPECT_NE(order, other.next());
}

}  // namespace
}  // namespace mint::training
