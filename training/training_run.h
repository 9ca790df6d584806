// A training in its run directory: begun or resumed, saved as it goes.
//
//   TrainingRun run(config.output, config_text, environment_text(), start);
//   Optimisation optimisation(module, ...);
//   run.restore(parts, data_checksum(...),
//               [&](const TrainingState& s) { optimisation.load(s.tensors, s.step); });
//   run.train([&] { ...; run.save(parts, optimisation.steps(), optimisation.state()); });
#pragma once

#include <filesystem>
#include <functional>
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
  // stderr and passed over. Without a checkpoint nothing is loaded and the metrics begin anew.
  // Throws std::runtime_error when all are damaged, when the state is of something else or when it
  // comes from data of another checksum.
  void restore(const std::vector<ModelPart>& parts, int64_t data,
               const std::function<void(const TrainingState&)>& load);

  // A checkpoint of this moment; the newest two stay.
  void save(const std::vector<ModelPart>& parts, int64_t step, NamedTensors state) const;

  // Runs `loop`. When it throws NotFinite, the error also names the last good checkpoint.
  void train(const std::function<void()>& loop) const;

 private:
  std::string config_;
  RunDirectory directory_;
  int64_t data_ = 0;
};

}  // namespace mint::training
