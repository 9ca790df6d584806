// A training in its run directory: begun or resumed, saved as it goes.
//
//   TrainingRun run(config.output, config_text, environment_text(), start);
//   Optimisation optimisation(module, ...);
//   run.restore(parts, [&](const TrainingState& s) { optimisation.load(s.tensors, s.step); });
//   run.learn_from({frames, starts});
//   run.train([&] { ...; run.save(parts, optimisation.steps(), optimisation.state()); });
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "training/checkpoint.h"
#include "training/optimiser_state.h"
#include "training/run_directory.h"

namespace mint::training {

class TrainingRun {
 public:
  // As RunDirectory::open().
  TrainingRun(const std::filesystem::path& folder, const std::string& config,
              const std::string& environment, Start start);

  const RunDirectory& directory() const { return directory_; }
  const std::filesystem::path& path() const { return directory_.path(); }

  // Brings a resumed run back to its newest whole checkpoint: the weights of `parts`, what `load`
  // takes out of the training state, the metrics of that moment. Damaged checkpoints are named on
  // stderr and passed over. Without a checkpoint nothing is loaded, and metrics and rounds begin
  // anew. Throws std::runtime_error when all are damaged or the state is of something else.
  void restore(const std::vector<ModelPart>& parts,
               const std::function<void(const TrainingState&)>& load);

  // All that the result depends on and is not in the configuration; checkpoints keep its checksum.
  // Throws std::runtime_error when the restored one knows another.
  void learn_from(const std::vector<torch::Tensor>& data);

  // A checkpoint of this moment; the newest two stay. Throws NotFinite, and saves nothing, when a
  // number of `parts` is not finite. Call learn_from() before.
  void save(const std::vector<ModelPart>& parts, int64_t step, NamedTensors state) const;

  // Runs `loop`. When it throws NotFinite, the error also names the last good checkpoint.
  void train(const std::function<void()>& loop) const;

 private:
  std::string config_;
  RunDirectory directory_;
  std::optional<int64_t> data_checksum_;  // of the restored checkpoint, then of learn_from()
};

}  // namespace mint::training
