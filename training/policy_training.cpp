#include "training/policy_training.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <torch/torch.h>

#include "training/optimiser_step.h"
#include "training/shuffled_batches.h"

namespace mint::training {

int64_t train_policy(agents::Policy& policy, const KeypointDataset& dataset,
                     const CloneConfig& config, const PolicyTrainingCallbacks& callbacks) {
  policy.train();
  const auto parameters = policy.parameters();
  torch::optim::Adam optimiser(
      parameters,
      torch::optim::AdamOptions(config.learning_rate).weight_decay(config.weight_decay));
  ShuffledBatches batches(all_indices(dataset.size()), config.batch, config.seed);
  MeanValues sums;
  int64_t summed = 0;
  int64_t step = 0;
  while (step < config.steps) {
    const double progress = static_cast<double>(step) / static_cast<double>(config.steps);
    set_learning_rate(optimiser, config.learning_rate * 0.5 * (1 + std::cos(M_PI * progress)));
    const auto losses = policy.losses(gather_samples(dataset, batches.next()));
    sums["gradient_norm"] +=
        optimiser_step(losses.at("total"), optimiser, parameters, config.gradient_clip,
                       "step " + std::to_string(step + 1));
    for (const auto& [name, value] : losses) sums[name] += value.item<double>();
    ++summed;
    ++step;
    if (summed == callbacks.log_every || step == config.steps) {
      for (auto& [name, value] : sums) value /= static_cast<double>(summed);
      if (callbacks.on_log) callbacks.on_log(step, sums);
      sums.clear();
      summed = 0;
    }
    if (callbacks.on_step && !callbacks.on_step(step)) break;
  }
  policy.eval();
  return step;
}

double action_accuracy(agents::Policy& policy, const KeypointDataset& dataset) {
  torch::NoGradGuard no_grad;
  const bool was_training = policy.is_training();
  policy.eval();
  constexpr int64_t kChunk = 512;
  int64_t correct = 0;
  for (int64_t first = 0; first < dataset.size(); first += kChunk) {
    std::vector<int64_t> indices(std::min(kChunk, dataset.size() - first));
    std::iota(indices.begin(), indices.end(), first);
    const auto sample = gather_samples(dataset, indices);
    const auto actions = policy.logits(sample.observation).argmax(1);
    correct += actions.eq(sample.action).sum().item<int64_t>();
  }
  policy.train(was_training);
  return static_cast<double>(correct) / static_cast<double>(dataset.size());
}

}  // namespace mint::training
