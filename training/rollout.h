// Episodes of a policy in the environments: every step is one batched detector call and one batched
// policy call over all episodes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agents/policy.h"
#include "perception/detector.h"

namespace mint::training {

// What acts: a policy and the frozen detector that it was trained on.
struct Agent {
  std::shared_ptr<perception::Detector> detector;
  std::shared_ptr<agents::Policy> policy;
};

struct RolloutEpisode {
  uint64_t seed = 0;         // of the environment's reset
  double score = 0;          // of the final state, in [0, 1]
  std::vector<int> actions;  // as executed; with the seed they reproduce the episode exactly
};

// The keypoints seen so far by N running episodes, as the policy wants them: the last T frames.
class KeypointWindow {
 public:
  explicit KeypointWindow(int64_t history) : history_(history) {}

  // The keypoints of the newest frames, [N, K, 2] and [N, K]; the first call fills the window.
  void push(const perception::Keypoints& keypoints);
  const agents::Observation& observation() const { return observation_; }

 private:
  int64_t history_;
  agents::Observation observation_;
};

// One episode per seed, the argmax action at every step, all in step with each other.
// `on_step` is called after every control step.
std::vector<RolloutEpisode> roll_out(const Agent& agent, const std::string& task,
                                     const std::string& variant, const std::vector<uint64_t>& seeds,
                                     const std::function<void()>& on_step);

// Runs a recorded episode again and writes it as a video, 384 x 384 at 8 frames per second, with
// the detector's keypoints over the frames. Returns the file written: `stem` and the extension of
// the first codec that works.
std::string film(const RolloutEpisode& episode, const std::string& task, const std::string& variant,
                 const std::shared_ptr<perception::Detector>& detector, const std::string& stem);

}  // namespace mint::training
