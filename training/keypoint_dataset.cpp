#include "training/keypoint_dataset.h"

#include <algorithm>

#include <torch/torch.h>

namespace mint::training {
namespace {

// Samples of an episode whose last run of one repeated action is cut to `idle_tail` steps.
int64_t useful_length(const std::vector<int>& actions, int64_t idle_tail) {
  const auto length = static_cast<int64_t>(actions.size());
  if (idle_tail == 0) return length;
  int64_t run = length - 1;  // first step of the last run
  while (run > 0 && actions[run - 1] == actions.back()) --run;
  return std::min(run + idle_tail, length);
}

}  // namespace

KeypointDataset make_keypoint_dataset(const std::vector<Episode>& episodes,
                                      const perception::Keypoints& keypoints, int64_t history,
                                      int64_t idle_tail) {
  std::vector<int64_t> windows;
  std::vector<int64_t> next;
  std::vector<int64_t> actions;
  int64_t start = 0;
  for (const Episode& episode : episodes) {
    const int64_t length = useful_length(episode.actions, idle_tail);
    for (int64_t step = 0; step < length; ++step) {
      for (int64_t age = history - 1; age >= 0; --age) {
        windows.push_back(start + std::max<int64_t>(step - age, 0));
      }
      next.push_back(start + step + 1);
      actions.push_back(episode.actions[step]);
    }
    start += episode.length() + 1;
  }
  const auto samples = static_cast<int64_t>(actions.size());
  return {keypoints, torch::tensor(windows).view({samples, history}), torch::tensor(next),
          torch::tensor(actions)};
}

agents::Sample gather_samples(const KeypointDataset& dataset, const std::vector<int64_t>& indices) {
  const auto rows = torch::tensor(indices);
  const auto windows = dataset.windows.index_select(0, rows);
  const auto next = dataset.next.index_select(0, rows);
  const auto shape = std::vector<int64_t>{windows.size(0), windows.size(1)};
  const auto frames = [&](const torch::Tensor& values) {
    const auto flat = values.index_select(0, windows.flatten());
    auto sizes = flat.sizes().vec();
    sizes.erase(sizes.begin());
    sizes.insert(sizes.begin(), shape.begin(), shape.end());
    return flat.view(sizes);
  };
  agents::Sample sample;
  sample.observation.xy = frames(dataset.keypoints.xy);
  sample.observation.active = frames(dataset.keypoints.active);
  sample.action = dataset.actions.index_select(0, rows);
  sample.next_xy = dataset.keypoints.xy.index_select(0, next);
  sample.next_active = dataset.keypoints.active.index_select(0, next);
  return sample;
}

}  // namespace mint::training
