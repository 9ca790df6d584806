#include "training/policy_training.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include <torch/torch.h>

#include "envs/random.h"
#include "training/learning_rate.h"
#include "training/optimiser_step.h"
#include "training/shuffled_batches.h"

namespace mint::training {
namespace {

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

PolicyTrainer::PolicyTrainer(agents::Policy& policy, const CloneConfig& config,
                             const PolicyTrainingCallbacks& callbacks)
    : policy_(policy),
      config_(config),
      callbacks_(callbacks),
      parameters_(policy.parameters()),
      optimiser_(
          make_optimiser(config.optimiser, parameters_, config.learning_rate, config.weight_decay)),
      average_(policy, config.ema) {
  policy_.eval();
  average_.exchange();
}

bool PolicyTrainer::train(const PolicyDataset& dataset, int64_t end) {
  policy_.train();
  average_.exchange();
  // The first part has the batches of a training in one.
  const uint64_t seed =
      part_ == 0 ? config_.seed : envs::derive_seed(config_.seed, "batches of part", part_);
  ++part_;
  ShuffledBatches batches(all_indices(dataset.size()), config_.batch, seed);
  bool goes_on = true;
  while (goes_on && step_ < end) {
    const double cooldown = std::min(config_.cooldown, 1 - config_.warmup);
    const double factor = learning_rate_factor(step_, config_.steps, config_.warmup, cooldown);
    set_learning_rate(*optimiser_, config_.learning_rate * factor);
    const auto indices = batches.next();
    const auto copies = draw_copies(dataset, indices.size(), config_.seed, step_);
    const auto losses = policy_.losses(gather_samples(dataset, indices, copies));
    sums_["gradient_norm"] +=
        optimiser_step(losses.at("total"), *optimiser_, parameters_, config_.gradient_clip,
                       "step " + std::to_string(step_ + 1));
    average_.update();
    for (const auto& [name, value] : losses) sums_[name] += value.item<double>();
    ++summed_;
    ++step_;
    if (summed_ == callbacks_.log_every || step_ == config_.steps) log_sums();
    if (callbacks_.look_every > 0 && step_ % callbacks_.look_every == 0) {
      average_.exchange();
      policy_.eval();
      callbacks_.on_look(step_);
      policy_.train();
      average_.exchange();
    }
    goes_on = !callbacks_.on_step || callbacks_.on_step(step_);
  }
  average_.exchange();
  policy_.eval();
  return goes_on;
}

void PolicyTrainer::log_sums() {
  for (auto& [name, value] : sums_) value /= static_cast<double>(summed_);
  if (callbacks_.on_log) callbacks_.on_log(step_, sums_);
  sums_.clear();
  summed_ = 0;
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
