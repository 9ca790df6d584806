#include "training/rollout_file.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/small_episode.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

LabelledRollout small_rollout(uint64_t seed, bool has_frames) {
  LabelledRollout rollout;
  rollout.episode = tests::small_episode(seed, 3, /*with_states=*/false);
  rollout.episode.frames.clear();
  rollout.episode.executed_actions = {1, 2, 3};
  if (has_frames) rollout.frames = torch::randint(256, {4, 3, 6, 4}, torch::kUInt8);
  rollout.keypoints = {torch::rand({4, 5, 2}), torch::ones({4, 5})};
  rollout.agreed = 2;
  return rollout;
}

TEST(RolloutFile, GivesBackTheRollouts) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "rounds/round_1.safetensors";
  const std::vector<LabelledRollout> rollouts = {small_rollout(3, true), small_rollout(4, false)};

  write_rollouts(file, rollouts);
  const auto read = read_rollouts(file);

  ASSERT_EQ(read.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    tests::expect_equal(read[i].episode, rollouts[i].episode);
    EXPECT_TRUE(torch::equal(read[i].keypoints.xy, rollouts[i].keypoints.xy));
    EXPECT_TRUE(torch::equal(read[i].keypoints.active, rollouts[i].keypoints.active));
    EXPECT_EQ(read[i].agreed, 2);
  }
  EXPECT_TRUE(torch::equal(read[0].frames, rollouts[0].frames));
  EXPECT_FALSE(read[1].frames.defined());
}

TEST(RolloutFile, NamesAFlippedBit) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "round_1.safetensors";
  write_rollouts(file, {small_rollout(3, true)});
  std::string bytes = tests::read_file(file);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  tests::write_file(file, bytes);

  const std::string error = tests::error_of<std::runtime_error>([&] { read_rollouts(file); });

  EXPECT_EQ(error.rfind(file.string() + ": crc32: expected ", 0), 0u) << error;
  EXPECT_NE(error.find("; the file is damaged"), std::string::npos) << error;
}

}  // namespace
}  // namespace mint::training
