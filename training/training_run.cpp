#include "training/training_run.h"

#include <cassert>
#include <stdexcept>
#include <utility>

#include <torch/torch.h>

#include "training/optimiser_step.h"
#include "training/tensor_checksum.h"

namespace mint::training {
namespace {

constexpr int kKeptCheckpoints = 2;

// A module whose loss was finite may still hold sums that are not.
void require_finite_weights(const std::vector<ModelPart>& parts, const std::string& where) {
  for (const auto& [name, tensor] : named_tensors(parts)) {
    if (!tensor.is_floating_point() || tensor.isfinite().all().item<bool>()) continue;
    throw NotFinite(where + ": " + name + ": expected finite numbers, got others");
  }
}

std::string last_good(const std::filesystem::path& run) {
  try {
    const auto checkpoint = newest_checkpoint(run);
    return checkpoint ? "the last good checkpoint is " + checkpoint->string()
                      : "there is no checkpoint yet";
  } catch (const std::runtime_error& error) {
    return std::string("there is no good checkpoint: ") + error.what();
  }
}

}  // namespace

TrainingRun::TrainingRun(const std::filesystem::path& folder, const std::string& config,
                         const std::string& environment, Start start)
    : config_(config), directory_(RunDirectory::open(folder, config, environment, start)) {}

void TrainingRun::restore(const std::vector<ModelPart>& parts,
                          const std::function<void(const TrainingState&)>& load) {
  const auto checkpoint = newest_checkpoint(path());
  if (!checkpoint) return;
  TrainingState state = load_training_state(*checkpoint);
  try {
    load(state);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(checkpoint->string() + ": training state: " + error.what());
  }
  load_model(*checkpoint, parts);
  state.tensors.clear();
  restored_ = std::move(state);
}

void TrainingRun::learn_from(const std::vector<torch::Tensor>& data) {
  data_checksum_ = tensor_checksum(data);
  if (!restored_) {
    std::filesystem::remove_all(directory_.rounds());
    return directory_.cut_metrics(0);
  }
  if (restored_->data_checksum != *data_checksum_) {
    throw std::runtime_error(path().string() + ": data: expected those of the run's beginning, " +
                             "with checksum " + std::to_string(restored_->data_checksum) +
                             ", got others, with " + std::to_string(*data_checksum_));
  }
  directory_.cut_metrics(restored_->metrics_bytes);
  settle_on_checkpoint(path(), restored_->step, kKeptCheckpoints);  // what a kill left undone
}

void TrainingRun::save(const std::vector<ModelPart>& parts, int64_t step,
                       NamedTensors state) const {
  assert(data_checksum_);
  require_finite_weights(parts, path().string() + ": step " + std::to_string(step));
  save_run_checkpoint(path(), parts, config_,
                      {step, directory_.metrics_bytes(), *data_checksum_, std::move(state)},
                      kKeptCheckpoints);
}

void TrainingRun::train(const std::function<void()>& loop) const {
  try {
    loop();
  } catch (const NotFinite& error) {
    throw std::runtime_error(std::string(error.what()) + "; " + last_good(path()));
  }
}

}  // namespace mint::training
