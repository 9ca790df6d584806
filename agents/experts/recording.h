// One episode of a scripted expert in a World, as training data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agents/experts/expert.h"
#include "envs/random.h"
#include "envs/scene.h"

namespace mint::experts {

// Enough disturbance that the expert shows how it recovers, little enough that it succeeds.
inline constexpr double kDefaultActionNoise = 0.1;

struct RecordedEpisode {
  envs::Scene scene;
  std::vector<int> labels;          // T, what the expert chose: what a policy learns
  std::vector<int> executed;        // T, what was done
  std::vector<envs::State> states;  // T + 1, the first is the state at reset
  double score = 0;                 // of the last state
};

// Runs the expert for a whole episode. With probability `noise` a step executes a random action or
// the one executed before instead of the expert's choice. The same arguments give the same episode;
// `seed` decides the scene, the expert's plan and the noise. Throws std::invalid_argument for an
// unknown task or variant, for a task without an expert and for a noise outside [0, 1].
RecordedEpisode record_episode(const std::string& task, const std::string& variant, uint64_t seed,
                               double noise = kDefaultActionNoise);

// The same for any expert of `scene`; `seed` decides the noise alone.
RecordedEpisode record_episode(const envs::Scene& scene, Expert& expert, uint64_t seed,
                               double noise = kDefaultActionNoise);

// `action`, or with probability `noise` a random one or `before`, the one executed before (-1:
// there was none).
int disturbed_action(int action, int before, double noise, envs::Random& random);

}  // namespace mint::experts
