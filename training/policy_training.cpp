#include "training/policy_training.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <vector>

#include <torch/torch.h>

#include "envs/random.h"
#include "training/averaged_weights.h"
#include "training/learning_rate.h"
#include "training/optimiser_step.h"
#include "training/shuffled_batches.h"

namespace mint::training {
namespace {

std::unique_ptr<torch::optim::Optimizer> make_optimiser(
    const std::vector<torch::Tensor>& parameters, const CloneConfig& config) {
  if (config.optimiser == "adamw") {
    return std::make_unique<torch::optim::AdamW>(
        parameters,
        torch::optim::AdamWOptions(config.learning_rate).weight_decay(config.weight_decay));
  }
  return std::make_unique<torch::optim::Adam>(
      parameters,
      torch::optim::AdamOptions(config.learning_rate).weight_decay(config.weight_decay));
}

// A copy of the frames for each sample; none where there is only one.
std::vector<int64_t> draw_copies(const PolicyDataset& dataset, size_t samples, uint64_t seed,
                                 int64_t step) {
  std::vector<int64_t> copies;
  if (dataset.copies() == 1) return copies;
  envs::Random random(envs::derive_seed(seed, "copies", static_cast<uint64_t>(step)));
  for (size_t i = 0; i < samples; ++i) {
    copies.push_back(random.below(static_cast<int>(dataset.copies())));
  }
  return copies;
}

// 1 where the argmax is the expert's action, else 0: float [S].
torch::Tensor correct_decisions(agents::Policy& policy, const PolicyDataset& dataset) {
  torch::NoGradGuard no_grad;
  const bool was_training = policy.is_training();
  policy.eval();
  constexpr int64_t kChunk = 512;
  std::vector<torch::Tensor> correct;
  for (int64_t first = 0; first < dataset.size(); first += kChunk) {
    std::vector<int64_t> indices(std::min(kChunk, dataset.size() - first));
    std::iota(indices.begin(), indices.end(), first);
    auto sample = gather_samples(dataset, indices);
    sample.observation.plan.masked_fill_(sample.observation.plan.ge(policy.plans()), -1);
    const auto choice = policy.logits(sample.observation).select(1, 0).argmax(1);
    correct.push_back(choice.eq(sample.actions.select(1, 0)).to(torch::kFloat32));
  }
  policy.train(was_training);
  return torch::cat(correct);
}

}  // namespace

int64_t train_policy(agents::Policy& policy, const PolicyDataset& dataset,
                     const CloneConfig& config, const PolicyTrainingCallbacks& callbacks) {
  policy.train();
  const auto parameters = policy.parameters();
  const auto optimiser = make_optimiser(parameters, config);
  ShuffledBatches batches(all_indices(dataset.size()), config.batch, config.seed);
  AveragedWeights average(policy, config.ema);
  MeanValues sums;
  int64_t summed = 0;
  int64_t step = 0;
  while (step < config.steps) {
    const double factor =
        learning_rate_factor(step, config.steps, config.warmup, /*cooldown=*/1 - config.warmup);
    set_learning_rate(*optimiser, config.learning_rate * factor);
    const auto indices = batches.next();
    const auto copies = draw_copies(dataset, indices.size(), config.seed, step);
    const auto losses = policy.losses(gather_samples(dataset, indices, copies));
    sums["gradient_norm"] +=
        optimiser_step(losses.at("total"), *optimiser, parameters, config.gradient_clip,
                       "step " + std::to_string(step + 1));
    average.update();
    for (const auto& [name, value] : losses) sums[name] += value.item<double>();
    ++summed;
    ++step;
    if (summed == callbacks.log_every || step == config.steps) {
      for (auto& [name, value] : sums) value /= static_cast<double>(summed);
      if (callbacks.on_log) callbacks.on_log(step, sums);
      sums.clear();
      summed = 0;
    }
    if (callbacks.look_every > 0 && step % callbacks.look_every == 0) {
      average.exchange();
      policy.eval();
      callbacks.on_look(step);
      policy.train();
      average.exchange();
    }
    if (callbacks.on_step && !callbacks.on_step(step)) break;
  }
  average.exchange();
  policy.eval();
  return step;
}

double action_accuracy(agents::Policy& policy, const PolicyDataset& dataset) {
  return correct_decisions(policy, dataset).mean().item<double>();
}

std::vector<double> accuracy_per_plan(agents::Policy& policy, const PolicyDataset& dataset) {
  const auto correct = correct_decisions(policy, dataset);
  std::vector<double> accuracies;
  for (int64_t plan = 0; plan < dataset.plans(); ++plan) {
    const auto own = correct.masked_select(dataset.plan.eq(plan));
    accuracies.push_back(own.numel() > 0 ? own.mean().item<double>()
                                         : std::numeric_limits<double>::quiet_NaN());
  }
  return accuracies;
}

}  // namespace mint::training
