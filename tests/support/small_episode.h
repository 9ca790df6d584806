// Small demonstrations that differ in everything, for tests of files.
#pragma once

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "envs/random.h"
#include "training/demonstrations.h"

namespace mint::tests {

// Another one for every seed. Frames are noise, which does not compress.
inline training::Episode small_episode(uint64_t seed, int length = 5, bool with_states = true) {
  envs::Random random(seed);
  training::Episode episode;
  episode.env_name = seed % 2 ? "MoveToCorner-Demo-v0" : "MakeLine-Demo-v0";
  episode.score = 0.5;
  episode.source = "expert";
  episode.seed = seed;
  episode.height = 6;
  episode.width = 4;
  for (int t = 0; t < length; ++t) episode.actions.push_back(random.below(18));
  for (int i = 0; i < (length + 1) * 6 * 4 * 3; ++i)
    episode.frames.push_back(static_cast<uint8_t>(random.below(256)));
  if (seed % 3 == 0) {  // one action was not executed as chosen
    episode.executed_actions = episode.actions;
    episode.executed_actions.back() = (episode.actions.back() + 1) % 18;
  }
  if (with_states)
    for (int i = 0; i < length * 7; ++i) episode.states.push_back(random.normal());
  return episode;
}

inline void expect_equal(const training::Episode& a, const training::Episode& b) {
  EXPECT_EQ(a.env_name, b.env_name);
  EXPECT_EQ(a.score, b.score);
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.actions, b.actions);
  EXPECT_EQ(a.executed_actions, b.executed_actions);
  EXPECT_EQ(a.height, b.height);
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.frames, b.frames);
  EXPECT_EQ(a.states, b.states);
}

// That they are small_episode(0), small_episode(1), ...
inline void expect_small_episodes(const std::vector<training::Episode>& episodes) {
  for (size_t i = 0; i < episodes.size(); ++i) expect_equal(episodes[i], small_episode(i));
}

}  // namespace mint::tests
