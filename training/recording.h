// Demonstrations by the scripted experts or step by step, drawn as the environments draw them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agents/experts/recording.h"
#include "envs/env.h"
#include "training/demonstrations.h"

namespace mint::training {

struct RecordingConfig {
  std::string task;  // "MoveToCorner"
  std::string variant = "Demo";
  int episodes = 24;
  double noise = experts::kDefaultActionNoise;  // probability of executing another action
  uint64_t seed = 0;
};

// Calls `on_episode` with `episodes` episodes of score 1.0, no two with the same actions; what
// falls short of either is drawn again. The same configuration gives the same episodes. Throws
// std::invalid_argument for an unknown task or variant, std::runtime_error when the expert fails
// far too often.
void record_expert(const RecordingConfig& config,
                   const std::function<void(const Episode&)>& on_episode);

// The seed of the `index`-th scene that a recording with root seed `root` looks at: an expert and a
// person are given the same scenes, and an evaluation never is.
uint64_t recording_seed(uint64_t root, const std::string& task, const std::string& variant,
                        int index);

// An episode whose actions come from outside, one by one.
class EpisodeRecorder {
 public:
  // Throws std::invalid_argument for an unknown task or variant.
  EpisodeRecorder(const std::string& task, const std::string& variant);

  void start(uint64_t seed);  // call it first; drops the episode in hand
  void step(int action);      // not at the end
  bool is_at_end() const { return env_.steps() == env_.task().episode_length; }

  const envs::Env& env() const { return env_; }
  double score() const;  // of the present state
  uint64_t seed() const { return seed_; }

  // The whole episode, of whatever score. Throws std::logic_error before its end: readers expect
  // episodes of the task's length.
  Episode episode(const std::string& source) const;

 private:
  envs::Env env_;
  uint64_t seed_ = 0;
  std::vector<int> actions_;
  std::vector<envs::State> states_;  // one more than actions, the first is the state at reset
};

// What an expert did, drawn and ready to be written.
Episode to_episode(const experts::RecordedEpisode& recorded, uint64_t seed,
                   const std::string& source);

// The observations of `states`, [states, 96, 96, 3] RGB.
std::vector<uint8_t> draw_frames(const envs::Scene& scene, const std::vector<envs::State>& states);

}  // namespace mint::training
