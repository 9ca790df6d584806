// Episodes of a policy in the environments: every step is one batched detector call and one batched
// policy call over all episodes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agents/action_ensemble.h"
#include "agents/policy.h"
#include "envs/vector_env.h"
#include "perception/detector.h"

namespace mint::training {

// What acts: a policy and, unless it reads pixels, the frozen detector that it was trained on.
struct Agent {
  std::shared_ptr<perception::Detector> detector;  // null for a policy that reads pixels
  std::shared_ptr<agents::Policy> policy;
};

struct RolloutEpisode {
  uint64_t seed = 0;         // of the environment's reset
  double score = 0;          // of the final state, in [0, 1]
  std::vector<int> actions;  // as executed; with the seed they reproduce the episode exactly
};

// The frames or keypoints seen so far by N running episodes, as the policy wants them: the last T.
class ObservationWindow {
 public:
  // `plan` int64 [N] is handed on with every observation; undefined: the policy's own choice.
  explicit ObservationWindow(int64_t history, torch::Tensor plan = {});

  // The keypoints of the newest frames, [N, K, 2] and [N, K], or the frames, [N, 3, H, W]; the
  // first call fills the window.
  void push(const perception::Keypoints& keypoints);
  void push(const torch::Tensor& frames);
  const agents::Observation& observation() const { return observation_; }

 private:
  int64_t history_;
  agents::Observation observation_;
};

// Decides for N running episodes, one control step after another.
class Pilot {
 public:
  explicit Pilot(const Agent& agent, torch::Tensor plan = {});

  // The newest frames uint8 [N, 3, H, W] -> actions int64 [N].
  torch::Tensor act(const torch::Tensor& frames);

  // The same in two steps: a look without a decision, and a decision on what was seen.
  const agents::Observation& look(const torch::Tensor& frames);
  torch::Tensor decide();

 private:
  Agent agent_;
  ObservationWindow window_;
  agents::ActionEnsemble ensemble_;
};

struct RolloutConfig {
  std::string task;
  std::string variant;
  std::vector<uint64_t> seeds;  // an episode each
  // The plan of each episode, -1 for none; empty: the policy's own choice.
  std::vector<int64_t> plans;
  int threads = 1;  // of the environments; the episodes are the same
};

// All episodes of a rollout between two control steps.
struct RolloutMoment {
  int step = 0;                            // control steps done
  const envs::VectorEnv& envs;             // scenes and states
  const torch::Tensor& frames;             // uint8 [N, 3, 96, 96], the newest
  const agents::Observation& observation;  // what the policy decides on
  std::vector<int> actions;                // N, what the policy decided; empty after the last step
};

// Says what is executed, N actions, in place of the policy's; the result is ignored at the end.
using Overrule = std::function<std::vector<int>(const RolloutMoment&)>;

// One episode per seed, all in step with each other: every step is one call of the environments,
// the detector and the policy. `on_step` is called after every control step, `overrule`, if given,
// before every one and once more at the end.
std::vector<RolloutEpisode> roll_out(const Agent& agent, const RolloutConfig& config,
                                     const std::function<void()>& on_step,
                                     const Overrule& overrule = nullptr);

// Runs a recorded episode again and writes it as a video, 384 x 384 at 8 frames per second, with
// the detector's keypoints over the frames. Returns the file written: `stem` and the extension of
// the first codec that works.
std::string film(const RolloutEpisode& episode, const std::string& task, const std::string& variant,
                 const std::shared_ptr<perception::Detector>& detector, const std::string& stem);

}  // namespace mint::training
