// Checkpoints: a folder that is there completely or not at all.
//
//   model.safetensors     weights and buffers, a pure function of them; any safetensors reader
//   config.yaml           the resolved configuration that made them
//   training_state.json   step, length of metrics.jsonl, checksum of the data
//   training_state.safetensors   the optimiser's state, the weights that were averaged, sums
//   manifest.json         format version, size and CRC-32 of every file
//
// A run keeps them as checkpoints/<step>/ with `last` pointing at the newest. Loading is strict:
// every name and shape must agree with the module's, and messages read
// `file: name: expected [25, 3, 5, 5], got [25, 3, 3, 3]`. All functions throw std::runtime_error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace mint::training {

// A module (borrowed) and the prefix of its names in the file: "detector" gives
// "detector.conv1.weight". A policy is saved together with its detector: two parts.
struct ModelPart {
  std::string prefix;
  torch::nn::Module* module = nullptr;
};

// Parameters and buffers under their names in the file.
std::map<std::string, torch::Tensor> named_tensors(const std::vector<ModelPart>& parts);

// Where a training loop is. Restored bit for bit, it continues as if never stopped.
struct TrainingState {
  int64_t step = 0;
  int64_t metrics_bytes = 0;  // of the run's metrics.jsonl: what came later is written again
  int64_t data_checksum = 0;  // of what is learnt from, see tensor_checksum.h
  std::map<std::string, torch::Tensor> tensors;  // of the optimiser, averages, sums
};

// Writes the folder `checkpoint`, replacing one of that name.
void save_checkpoint(const std::filesystem::path& checkpoint, const std::vector<ModelPart>& parts,
                     const std::string& config, const TrainingState& state);

// Writes <run>/checkpoints/<state.step> and settles on it. Returns its folder.
std::filesystem::path save_run_checkpoint(const std::filesystem::path& run,
                                          const std::vector<ModelPart>& parts,
                                          const std::string& config, const TrainingState& state,
                                          int keep = 0);

// Points <run>/last at the checkpoint of this step. Newer ones go; of older ones the newest
// `keep - 1` stay; 0 keeps all older ones.
void settle_on_checkpoint(const std::filesystem::path& run, int64_t step, int keep);

// The newest whole checkpoint of a run. Newer ones that are damaged are named on stderr. None when
// there is no checkpoint; throws, naming the newest, when all are damaged.
std::optional<std::filesystem::path> newest_checkpoint(const std::filesystem::path& run);

// The checkpoint that a path given by a user means: a checkpoint itself, or the newest one of a
// run.
std::filesystem::path find_checkpoint(const std::filesystem::path& run_or_checkpoint);

// Sizes and checksums of all files against the manifest; names the first file that differs. The
// functions below call it.
void verify_checkpoint(const std::filesystem::path& checkpoint);

// Copies the weights into the parts' modules. With `allow_others`, tensors of the file that belong
// to none of the parts are left alone (loading the detector out of a policy's checkpoint).
void load_model(const std::filesystem::path& checkpoint, const std::vector<ModelPart>& parts,
                bool allow_others = false);

TrainingState load_training_state(const std::filesystem::path& checkpoint);

std::string read_checkpoint_config(const std::filesystem::path& checkpoint);

}  // namespace mint::training
