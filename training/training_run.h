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

  // Loads the newest whole checkpoint of a resumed run: the weights of `parts`, and what `load`
  // takes out of the training state. Damaged ones are named on stderr and passed over; without any
  // nothing is loaded. Throws std::runtime_error when all are damaged or the state is of something
  // else.
  void restore(const std::vector<ModelPart>& parts,
               const std::function<void(const TrainingState&)>& load);

  // `data` is all that the result depends on and is not in the configuration; checkpoints keep its
  // checksum. Throws std::runtime_error when the restored one knows another. Only then are the
  // metrics and the list of checkpoints brought back to the restored moment; without one, metrics
  // and rounds begin anew. Call it once, after restore().
  void learn_from(const std::vector<torch::Tensor>& data);

  // A checkpoint of this moment; the newest two stay. Throws NotFinite, and saves nothing, when a
  // number of `parts` is not finite. Call learn_from() before.
  void save(const std::vector<ModelPart>& parts, int64_t step, NamedTensors state) const;

  // Runs `loop`. When it throws NotFinite, the error also names the last good checkpoint.
  void train(const std::function<void()>& loop) const;

 private:
  std::string config_;
  RunDirectory directory_;
  std::optional<TrainingState> restored_;  // without its tensors
  std::optional<int64_t> data_checksum_;   // of learn_from()
};

}  // namespace mint::training
