#include "training/plan_choice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <torch/torch.h>

#include "agents/experts/recording.h"
#include "envs/random.h"
#include "training/policy_training.h"

namespace mint::training {
namespace {

constexpr double kRetraceNoise = 0.05;  // probability of a random action

// Of each plan the indices of the last frames of its demonstrations, as far as there are decisions.
std::vector<std::vector<int64_t>> last_frames(const PolicyDataset& dataset) {
  std::vector<std::vector<int64_t>> last(static_cast<size_t>(dataset.plans()));
  const auto next = dataset.next.accessor<int64_t, 2>();
  const auto plans = dataset.plan.accessor<int64_t, 1>();
  for (int64_t i = 0; i < dataset.size(); ++i) {
    if (plans[i] < 0) continue;
    auto& frames = last[static_cast<size_t>(plans[i])];
    // The decisions of a demonstration follow each other; a gap is the beginning of another.
    const bool goes_on = i > 0 && plans[i - 1] == plans[i] && next[i][0] == next[i - 1][0] + 1;
    if (!goes_on) frames.push_back(0);
    frames.back() = next[i][next.size(1) - 1];
  }
  return last;
}

// The last keypoints [P * kRetraces, K, ..] of rollouts along the plans, kRetraces of each in turn.
perception::Keypoints last_keypoints(const Agent& agent, const std::string& task, uint64_t seed,
                                     const std::function<void()>& on_step) {
  RolloutConfig rollout{task, "Demo", {}, {}, /*threads=*/1};
  std::vector<envs::Random> randoms;
  for (int64_t i = 0; i < agent.policy->plans() * kRetraces; ++i) {
    const auto retrace = static_cast<uint64_t>(i % kRetraces);
    rollout.plans.push_back(i / kRetraces);
    rollout.seeds.push_back(envs::derive_seed(seed, "retrace", retrace));
    randoms.emplace_back(envs::derive_seed(rollout.seeds.back(), "noise"));
  }
  perception::Keypoints newest;
  std::vector<int> before(randoms.size(), -1);
  roll_out(agent, rollout, on_step, [&](const RolloutMoment& moment) {
    newest = {moment.observation.xy.select(1, -1), moment.observation.active.select(1, -1)};
    std::vector<int> actions = moment.actions;
    for (size_t i = 0; i < actions.size(); ++i) {
      const double noise = i % kRetraces == 0 ? 0 : kRetraceNoise;
      actions[i] = experts::disturbed_action(actions[i], before[i], noise, randoms[i]);
    }
    before = actions;
    return actions;
  });
  return newest;
}

}  // namespace

int64_t choose_plan(agents::Policy& policy, const PolicyDataset& dataset,
                    const std::string& choice) {
  if (policy.plans() == 0) return -1;
  int64_t best = -1;
  if (choice != "none") {
    const auto accuracy = accuracy_per_plan(policy, dataset);
    // Smaller is better.
    const auto rank = [&](int64_t plan) {
      const int64_t completion = choice == "earliest" ? dataset.completion[plan] : 0;
      return std::make_pair(completion, -accuracy[plan]);
    };
    for (int64_t plan = 0; plan < dataset.plans(); ++plan) {
      if (best < 0 || rank(plan) < rank(best)) best = plan;
    }
  }
  policy.choose_plan(best);
  return best;
}

RetracedPlan choose_retraced_plan(const Agent& agent, const std::string& task,
                                  const PolicyDataset& dataset, uint64_t seed,
                                  const std::function<void()>& on_step) {
  RetracedPlan choice;
  if (agent.policy->plans() == 0) return choice;
  const auto at = [](const perception::Keypoints& all, int64_t row) {
    return perception::Keypoints{all.xy[row], all.active[row]};
  };
  const perception::Keypoints ends = last_keypoints(agent, task, seed, on_step);
  const auto goals = last_frames(dataset);
  for (size_t plan = 0; plan < goals.size(); ++plan) {
    double sum = 0;
    for (int64_t i = 0; i < kRetraces; ++i) {
      const auto end = at(ends, static_cast<int64_t>(plan) * kRetraces + i);
      double nearest = std::numeric_limits<double>::infinity();
      for (const int64_t frame : goals[plan]) {
        nearest = std::min(nearest, keypoint_distance(end, at(dataset.keypoints, frame)));
      }
      sum += nearest;
    }
    choice.misses.push_back(sum / kRetraces);
  }
  const auto best = std::min_element(choice.misses.begin(), choice.misses.end());
  choice.plan = best - choice.misses.begin();
  agent.policy->choose_plan(choice.plan);
  return choice;
}

double keypoint_distance(const perception::Keypoints& a, const perception::Keypoints& b) {
  const auto shown = [](const perception::Keypoints& of) {
    return of.xy.index_select(0, of.active.gt(0.5).nonzero().squeeze(1));
  };
  const torch::Tensor from = shown(a), to = shown(b);
  if (from.size(0) == 0 && to.size(0) == 0) return 0;
  if (from.size(0) == 0 || to.size(0) == 0) return std::sqrt(2.0);
  const torch::Tensor distance = torch::cdist(from, to);
  const torch::Tensor there = std::get<0>(distance.min(1)), back = std::get<0>(distance.min(0));
  return (there.mean().item<double>() + back.mean().item<double>()) / 2;
}

}  // namespace mint::training
