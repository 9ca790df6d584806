#include "training/training_run.h"

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
  const auto require = [&](const std::string& name, const torch::Tensor& tensor) {
    if (!tensor.is_floating_point() || tensor.isfinite().all().item<bool>()) return;
    throw NotFinite(where + ": " + name + ": expected finite numbers, got others");
  };
  for (const ModelPart& part : parts) {
    for (const auto& item : part.module->named_parameters()) require(item.key(), item.value());
    for (const auto& item : part.module->named_buffers()) require(item.key(), item.value());
  }
}

}  // namespace

TrainingRun::TrainingRun(const std::filesystem::path& folder, const std::string& config,
                         const std::string& environment, Start start)
    : config_(config), directory_(RunDirectory::open(folder, config, environment, start)) {}

void TrainingRun::restore(const std::vector<ModelPart>& parts,
                          const std::function<void(const TrainingState&)>& load) {
  const auto checkpoint = newest_checkpoint(path());
  if (!checkpoint) {
    std::filesystem::remove_all(directory_.rounds());
    return directory_.cut_metrics(0);
  }
  const TrainingState state = load_training_state(*checkpoint);
  data_checksum_ = state.data_checksum;
  try {
    load(state);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(checkpoint->string() + ": training state: " + error.what());
  }
  load_model(*checkpoint, parts);
  directory_.cut_metrics(state.metrics_bytes);
  settle_on_checkpoint(path(), state.step, kKeptCheckpoints);  // what a kill kept from being done
}

void TrainingRun::learn_from(const std::vector<torch::Tensor>& data) {
  const int64_t checksum = tensor_checksum(data);
  if (data_checksum_.value_or(checksum) != checksum) {
    throw std::runtime_error(path().string() + ": data: expected those of the run's beginning, " +
                             "with checksum " + std::to_string(*data_checksum_) +
                             ", got others, with " + std::to_string(checksum));
  }
  data_checksum_ = checksum;
}

void TrainingRun::save(const std::vector<ModelPart>& parts, int64_t step,
                       NamedTensors state) const {
  require_finite_weights(parts, path().string() + ": step " + std::to_string(step));
  save_run_checkpoint(path(), parts, config_,
                      {step, directory_.metrics_bytes(), data_checksum_.value(), std::move(state)},
                      kKeptCheckpoints);
}

void TrainingRun::train(const std::function<void()>& loop) const {
  try {
    loop();
  } catch (const NotFinite& error) {
    const auto checkpoint = newest_checkpoint(path());
    throw std::runtime_error(std::string(error.what()) + "; " +
                             (checkpoint ? "the last good checkpoint is " + checkpoint->string()
                                         : "there is no checkpoint yet"));
  }
}

}  // namespace mint::training
