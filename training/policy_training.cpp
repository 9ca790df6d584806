#include "training/policy_training.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "envs/random.h"
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
      optimisation_(policy, optimisation_of(config), "clone") {
  policy_.eval();
  optimisation_.exchange_average();
}

bool PolicyTrainer::train(const PolicyDataset& dataset, int64_t end) {
  // The first part has the batches of a training in one.
  const uint64_t seed =
      part_ == 0 ? config_.seed : envs::derive_seed(config_.seed, "batches of part", part_);
  ++part_;
  const int64_t begin = std::exchange(part_begin_, end);
  if (steps() >= end) return true;  // of a resumed training
  ShuffledBatches batches(all_indices(dataset.size()), config_.batch, seed);
  batches.seek(steps() - begin);
  policy_.train();
  optimisation_.exchange_average();
  bool goes_on = true;
  while (goes_on && steps() < end) {
    const auto indices = batches.next();
    const auto copies = draw_copies(dataset, indices.size(), config_.seed, steps());
    const auto losses = policy_.losses(gather_samples(dataset, indices, copies));
    NamedValues values;
    for (const auto& [name, value] : losses) values.emplace_back(name, value.item<double>());
    const double norm = optimisation_.step(losses.at("total"), values);
    values.emplace_back("gradient_norm", norm);
    means_.add(values);
    if (means_.steps() == callbacks_.log_every || optimisation_.is_done()) log_means();
    const auto is_due = [&](int64_t every) { return every > 0 && steps() % every == 0; };
    if (is_due(callbacks_.look_every)) show([&] { callbacks_.on_look(steps()); });
    const bool is_last = optimisation_.is_done();  // saved when all else is done, too
    if (!is_last && is_due(callbacks_.checkpoint_every)) {
      show([&] { callbacks_.on_checkpoint(steps(), state()); });
    }
    goes_on = !callbacks_.on_step || callbacks_.on_step(steps());
  }
  optimisation_.exchange_average();
  policy_.eval();
  return goes_on;
}

void PolicyTrainer::log_means() {
  const auto means = means_.take();
  if (callbacks_.on_log) callbacks_.on_log(steps(), means);
}

// Calls with the policy as it is evaluated.
void PolicyTrainer::show(const std::function<void()>& callback) {
  optimisation_.exchange_average();
  policy_.eval();
  callback();
  policy_.train();
  optimisation_.exchange_average();
}

NamedTensors PolicyTrainer::state() {
  auto tensors = optimisation_.state();
  tensors.merge(means_.state());
  return tensors;
}

void PolicyTrainer::load(const TrainingState& state) {
  optimisation_.load(state.tensors, state.step);
  means_.load(state.tensors);
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
