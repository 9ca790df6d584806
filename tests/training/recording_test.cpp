#include "training/recording.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

#include "envs/env.h"
#include "envs/image.h"
#include "envs/state_vector.h"

namespace mint::training {
namespace {

std::vector<Episode> record(const RecordingConfig& config) {
  std::vector<Episode> episodes;
  record_expert(config, [&](const Episode& episode) { episodes.push_back(episode); });
  return episodes;
}

RecordingConfig move_to_corner(int episodes, double noise) {
  RecordingConfig config;
  config.task = "MoveToCorner";
  config.episodes = episodes;
  config.noise = noise;
  return config;
}

TEST(RecordExpert, GivesDifferentEpisodesOfScoreOne) {
  const auto episodes = record(move_to_corner(3, 0.1));

  ASSERT_EQ(episodes.size(), 3u);
  std::set<std::vector<int>> different;
  for (const Episode& episode : episodes) {
    EXPECT_EQ(episode.score, 1);
    EXPECT_EQ(episode.env_name, "MoveToCorner-Demo-v0");
    EXPECT_EQ(episode.length(), 80);
    different.insert(episode.actions);
  }
  EXPECT_EQ(different.size(), 3u);
}

TEST(RecordExpert, KeepsTheChoiceOfTheExpertAndWhatWasExecuted) {
  const auto episodes = record(move_to_corner(1, 0.3));
  const Episode& episode = episodes.at(0);
  ASSERT_EQ(episode.executed_actions.size(), episode.actions.size());
  EXPECT_NE(episode.executed_actions, episode.actions);
  envs::Env env("MoveToCorner", "Demo");
  env.reset(episode.seed);

  double score = 0;
  for (const int action : episode.executed_actions) score = env.step(action).score;

  EXPECT_EQ(score, 1);
  EXPECT_TRUE(std::equal(env.frame().begin(), env.frame().end(),
                         episode.frames.end() - envs::kObservationBytes));
}

TEST(RecordExpert, WithoutNoiseWhatWasExecutedIsNotRepeated) {
  const auto episodes = record(move_to_corner(1, 0));

  EXPECT_TRUE(episodes.at(0).executed_actions.empty());
}

TEST(RecordExpert, TheStateBeforeAnActionBelongsToItsFrame) {
  const auto episodes = record(move_to_corner(1, 0.1));
  const Episode& episode = episodes.at(0);
  const size_t values = episode.states.size() / episode.actions.size();
  const auto scene = envs::sample_scene("MoveToCorner", "Demo", episode.seed);
  const size_t step = 40;

  const auto state = envs::state_from_row(&episode.states[step * values], values);

  const auto frame = draw_frames(scene, {state});
  EXPECT_TRUE(std::equal(frame.begin(), frame.end(),
                         episode.frames.begin() + step * envs::kObservationBytes));
}

TEST(EpisodeRecorder, GivesTheEpisodeThatWasPlayed) {
  EpisodeRecorder recorder("MoveToRegion", "TestJitter");
  recorder.start(8);
  recorder.step(4);
  recorder.start(7);  // drops the first step

  for (int step = 0; step < 40; ++step) recorder.step(step % 18);
  const Episode episode = recorder.episode("keyboard");

  EXPECT_TRUE(recorder.is_at_end());
  EXPECT_EQ(episode.env_name, "MoveToRegion-TestJitter-v0");
  EXPECT_EQ(episode.source, "keyboard");
  EXPECT_EQ(episode.seed, 7u);
  EXPECT_EQ(episode.score, recorder.score());
  EXPECT_TRUE(episode.executed_actions.empty());
  ASSERT_EQ(episode.length(), 40);
  EXPECT_EQ(episode.frames.size(), 41u * envs::kObservationBytes);
  envs::Env env("MoveToRegion", "TestJitter");
  env.reset(7);
  for (const int action : episode.actions) env.step(action);
  EXPECT_TRUE(std::equal(env.frame().begin(), env.frame().end(),
                         episode.frames.end() - envs::kObservationBytes));
}

TEST(EpisodeRecorder, KeepsWholeEpisodesOnly) {
  EpisodeRecorder recorder("MoveToRegion", "Demo");
  recorder.start(0);
  for (int step = 0; step < 39; ++step) recorder.step(0);

  EXPECT_THROW(recorder.episode("keyboard"), std::logic_error);
}

TEST(RecordingSeed, IsTheOneOfTheExperts) {
  const auto episodes = record(move_to_corner(1, 0));

  EXPECT_EQ(episodes.at(0).seed, recording_seed(0, "MoveToCorner", "Demo", 0));
}

}  // namespace
}  // namespace mint::training
