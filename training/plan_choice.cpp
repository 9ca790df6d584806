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
    // The windows of a demonstration follow each other, and no other reaches into its frames.
    const int64_t frame = next[i][next.size(1) - 1];
    auto& frames = last[static_cast<size_t>(plans[i])];
    const bool is_next_episode =
        i == 0 || plans[i - 1] != plans[i] || next[i - 1][0] + 1 < next[i][0];
    if (is_next_episode) frames.push_back(frame);
    frames.back() = frame;
  }
  return last;
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
  const int64_t plans = agent.policy->plans();
  if (plans == 0) return choice;
  RolloutConfig rollout{task, "Demo", {}, {}, /*threads=*/1};
  std::vector<envs::Random> randoms;
  for (int64_t plan = 0; plan < plans; ++plan) {
    for (int64_t i = 0; i < kRetraces; ++i) {
      rollout.plans.push_back(plan);
      rollout.seeds.push_back(envs::derive_seed(seed, "retrace", static_cast<uint64_t>(i)));
      randoms.emplace_back(envs::derive_seed(rollout.seeds.back(), "noise"));
    }
  }
  perception::Keypoints ends;  // [P * kRetraces, K, ..]
  std::vector<int> before(rollout.seeds.size(), -1);
  roll_out(agent, rollout, on_step, [&](const RolloutMoment& moment) {
    std::vector<int> actions = moment.actions;
    for (size_t i = 0; i < actions.size(); ++i) {
      const double noise = i % kRetraces == 0 ? 0 : kRetraceNoise;
      actions[i] = experts::disturbed_action(actions[i], before[i], noise, randoms[i]);
    }
    before = actions;
    ends = {moment.observation.xy.select(1, -1), moment.observation.active.select(1, -1)};
    return actions;
  });

  const auto goals = last_frames(dataset);
  for (int64_t plan = 0; plan < plans; ++plan) {
    double sum = 0;
    for (int64_t i = plan * kRetraces; i < (plan + 1) * kRetraces; ++i) {
      double nearest = std::numeric_limits<double>::infinity();
      for (const int64_t frame : goals[static_cast<size_t>(plan)]) {
        nearest = std::min(nearest, keypoint_distance({ends.xy[i], ends.active[i]},
                                                      {dataset.keypoints.xy[frame],
                                                       dataset.keypoints.active[frame]}));
      }
      sum += nearest;
    }
    choice.misses.push_back(sum / kRetraces);
  }
  choice.plan =
      std::min_element(choice.misses.begin(), choice.misses.end()) - choice.misses.begin();
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
