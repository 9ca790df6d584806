// Which plan a policy with a plan variable follows when nobody names one (spec agents_dynamics.md,
// C.4). Decided without any score of an environment.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <torch/types.h>

#include "agents/policy.h"
#include "perception/keypoints.h"
#include "training/policy_dataset.h"
#include "training/rollout.h"

namespace mint::training {

// "earliest": the plan whose demonstrations are done first, in the mean; where several are, the one
// whose actions the policy fits best. "fitted": the one whose actions the policy fits best, which
// is also what "retraced" is here. "none": no plan.
// Tells the policy and returns the plan; -1 for a policy without plans.
int64_t choose_plan(agents::Policy& policy, const PolicyDataset& dataset,
                    const std::string& choice);

// "retraced": the plan along which the policy's own rollouts in Demo end most like its
// demonstrations, whose last keypoints are all that they are compared with.
struct RetracedPlan {
  int64_t plan = -1;           // -1 for a policy without plans
  std::vector<double> misses;  // of each plan: mean of keypoint_distance to the nearest last frame
};

// Tells the agent's policy, which reads keypoints. Every plan is rolled out kRetraces times, all
// but the first with a few random actions, so that a plan that stands them is preferred. The same
// arguments choose the same plan. `on_step` is called after every control step.
RetracedPlan choose_retraced_plan(const Agent& agent, const std::string& task,
                                  const PolicyDataset& dataset, uint64_t seed,
                                  const std::function<void()>& on_step);

constexpr int64_t kRetraces = 3;

// How far two frames' active keypoints lie apart, in images, whatever their indices: the mean
// distance of a keypoint of one to the nearest of the other, averaged over both directions. `xy`
// [K, 2], `active` [K]. The image's diagonal where only one of them has any.
double keypoint_distance(const perception::Keypoints& a, const perception::Keypoints& b);

}  // namespace mint::training
