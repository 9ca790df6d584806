#include "training/training_run.h"

#include <stdexcept>
#include <utility>

#include "training/optimiser_step.h"

namespace mint::training {
namespace {

constexpr int kKeptCheckpoints = 2;

void require_same_data(int64_t expected, int64_t got) {
  if (expected == got) return;
  throw std::runtime_error("data: expected those of the run's beginning, with checksum " +
                           std::to_string(expected) + ", got others, with " + std::to_string(got));
}

}  // namespace

TrainingRun::TrainingRun(const std::filesystem::path& folder, const std::string& config,
                         const std::string& environment, Start start)
    : config_(config), directory_(RunDirectory::open(folder, config, environment, start)) {}

void TrainingRun::restore(const std::vector<ModelPart>& parts, int64_t data,
                          const std::function<void(const TrainingState&)>& load) {
  data_ = data;
  const auto checkpoint = newest_checkpoint(path());
  if (!checkpoint) return directory_.cut_metrics(0);
  const TrainingState state = load_training_state(*checkpoint);
  try {
    require_same_data(state.data, data);
    load(state);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(checkpoint->string() + ": training state: " + error.what());
  }
  load_model(*checkpoint, parts);
  directory_.cut_metrics(state.metrics_bytes);
  settle_on_checkpoint(path(), state.step, kKeptCheckpoints);  // what a kill kept from being done
}

void TrainingRun::save(const std::vector<ModelPart>& parts, int64_t step,
                       NamedTensors state) const {
  save_run_checkpoint(path(), parts, config_,
                      {step, directory_.metrics_bytes(), data_, std::move(state)},
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
