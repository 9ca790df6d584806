// Demonstrations by the scripted experts, drawn as the environments draw them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agents/experts/recording.h"
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

// The observations of `states`, [states, 96, 96, 3] RGB.
std::vector<uint8_t> draw_frames(const envs::Scene& scene, const std::vector<envs::State>& states);

}  // namespace mint::training
