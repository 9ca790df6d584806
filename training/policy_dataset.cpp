#include "training/policy_dataset.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <torch/torch.h>

namespace mint::training {
namespace {

constexpr int kIdleAction = 0;

// First step of the last run of one repeated action.
int64_t last_run(const std::vector<int>& actions) {
  auto run = static_cast<int64_t>(actions.size()) - 1;
  while (run > 0 && actions[run - 1] == actions.back()) --run;
  return run;
}

// The steps of an episode, from its first on, that count fully: all but a long wait at the end.
// That of a demonstration is its last run of one action. An expert that labels a rollout is done
// when it asks to do nothing; whatever else it repeats is what it still wants.
int64_t counted_steps(const Episode& episode, bool is_rollout, int64_t idle_tail) {
  const bool waits = !is_rollout || episode.actions.back() == kIdleAction;
  if (idle_tail == 0 || !waits) return episode.length();
  return std::min(last_run(episode.actions) + idle_tail, episode.length());
}

// The first step from `first` on that was not executed as labelled; the length if there is none.
int64_t first_deviation(const Episode& episode, int64_t first) {
  if (episode.executed_actions.empty()) return episode.length();
  int64_t step = first;
  while (step < episode.length() && episode.executed_actions[step] == episode.actions[step]) ++step;
  return step;
}

// values [F, ...] at frames [N, T] -> [N, T, ...]
torch::Tensor at_frames(const torch::Tensor& values, const torch::Tensor& frames) {
  return values.index_select(0, frames.flatten()).unflatten(0, frames.sizes());
}

torch::Tensor mirrored_actions(const torch::Tensor& actions) {
  const auto turn = actions.div(3, "floor").remainder(3);
  const auto swapped = actions + torch::where(turn.eq(1), torch::full_like(turn, 3),
                                              -3 * turn.eq(2).to(torch::kInt64));
  return torch::where(actions.lt(0), actions, swapped);
}

}  // namespace

int64_t PolicyDataset::frames() const {
  return images.defined() ? images.size(0) : keypoints.xy.size(0) / copies();
}

std::vector<int64_t> plan_of_each(const std::vector<std::string>& sources) {
  std::map<std::string, int64_t> shared;
  std::vector<int64_t> plans;
  int64_t count = 0;
  for (const std::string& source : sources) {
    const bool is_multiplied = source.rfind(kMultiplied, 0) == 0;
    const auto known = shared.find(source);
    const bool is_new = !is_multiplied || known == shared.end();
    plans.push_back(is_new ? count++ : known->second);
    if (is_multiplied && is_new) shared.emplace(source, plans.back());
  }
  return plans;
}

PolicyDataset make_policy_dataset(const std::vector<Episode>& episodes,
                                  const DecisionConfig& config, size_t rollouts) {
  const size_t demonstrations = episodes.size() - rollouts;
  std::vector<std::string> sources;
  for (size_t i = 0; i < demonstrations; ++i) sources.push_back(episodes[i].source);
  const auto plan_of = plan_of_each(sources);
  std::vector<std::vector<int64_t>> runs;  // of each plan
  std::vector<int64_t> windows, next, actions, plans;
  std::vector<float> weights;
  PolicyDataset dataset;
  int64_t start = 0;
  for (size_t i = 0; i < episodes.size(); ++i) {
    const Episode& episode = episodes[i];
    const bool is_rollout = i >= demonstrations;
    const int64_t length = episode.length();
    const int64_t counted = counted_steps(episode, is_rollout, config.idle_tail);
    const int64_t kept = config.idle_weight > 0 ? length : counted;
    for (int64_t step = 0; step < kept; ++step) {
      for (int64_t age = config.history - 1; age >= 0; --age) {
        windows.push_back(start + std::max<int64_t>(step - age, 0));
      }
      const int64_t last = is_rollout ? first_deviation(episode, step) : length;
      for (int64_t ahead = step; ahead < step + config.chunk; ++ahead) {
        next.push_back(start + std::min(ahead + 1, length));
        actions.push_back(ahead < length && ahead <= last ? episode.actions[ahead] : -1);
      }
      plans.push_back(is_rollout ? -1 : plan_of[i]);
      weights.push_back(step < counted ? 1 : static_cast<float>(config.idle_weight));
    }
    if (!is_rollout) {
      runs.resize(std::max(runs.size(), static_cast<size_t>(plan_of[i]) + 1));
      runs[plan_of[i]].push_back(last_run(episode.actions));
    }
    start += length + 1;
  }
  for (const auto& own : runs) {
    const auto sum = std::accumulate(own.begin(), own.end(), int64_t{0});
    dataset.completion.push_back(sum / static_cast<int64_t>(own.size()));
  }
  const auto samples = static_cast<int64_t>(plans.size());
  dataset.windows = torch::tensor(windows).view({samples, config.history});
  dataset.next = torch::tensor(next).view({samples, config.chunk});
  dataset.actions = torch::tensor(actions).view({samples, config.chunk});
  dataset.plan = torch::tensor(plans);
  dataset.weight = torch::tensor(weights);
  return dataset;
}

agents::Sample gather_samples(const PolicyDataset& dataset, const std::vector<int64_t>& indices,
                              const std::vector<int64_t>& copies) {
  const auto rows = torch::tensor(indices);
  auto windows = dataset.windows.index_select(0, rows);
  auto next = dataset.next.index_select(0, rows);
  agents::Sample sample;
  sample.actions = dataset.actions.index_select(0, rows);
  sample.weight = dataset.weight.index_select(0, rows);
  sample.observation.plan = dataset.plan.index_select(0, rows);
  torch::Tensor is_mirrored;  // [N]
  if (!copies.empty()) {
    std::vector<int64_t> offsets, mirrored;
    for (const int64_t copy : copies) {
      offsets.push_back(copy * dataset.frames());
      mirrored.push_back(dataset.mirrored[copy] ? 1 : 0);
    }
    const auto offset = torch::tensor(offsets).unsqueeze(1);
    is_mirrored = torch::tensor(mirrored).to(torch::kBool);
    sample.actions =
        torch::where(is_mirrored.unsqueeze(1), mirrored_actions(sample.actions), sample.actions);
    if (dataset.keypoints.xy.defined()) {
      windows = windows + offset;
      next = next + offset;
    }
  }
  if (dataset.keypoints.xy.defined()) {
    const auto beyond = dataset.actions.index_select(0, rows).lt(0).unsqueeze(2);
    sample.observation.xy = at_frames(dataset.keypoints.xy, windows);
    sample.observation.active = at_frames(dataset.keypoints.active, windows);
    sample.next_xy = at_frames(dataset.keypoints.xy, next);
    sample.next_active = at_frames(dataset.keypoints.active, next).masked_fill(beyond, 0);
  }
  if (dataset.images.defined()) {
    auto& frames = sample.observation.frames;
    frames = at_frames(dataset.images, windows);
    if (is_mirrored.defined()) {
      frames = torch::where(is_mirrored.view({-1, 1, 1, 1, 1}), frames.flip(4), frames);
    }
  }
  return sample;
}

int mirrored_action(int action) {
  const int turn = action / 3 % 3;  // 0 none, 1 left, 2 right
  return turn == 0 ? action : action + (turn == 1 ? 3 : -3);
}

}  // namespace mint::training
