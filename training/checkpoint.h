// Checkpoints: a folder that is there completely or not at all.
//
//   model.safetensors     weights and buffers, a pure function of them; any safetensors reader
//   config.yaml           the resolved configuration that made them
//   training_state.json   step and the loop's own position
//   training_state.safetensors, training_state.<optimizer>.pt   what resuming needs
//   manifest.json         format version, size and CRC-32 of every file
//
// A run keeps them as checkpoints/<step>/ with `last` pointing at the newest. Loading is strict:
// every name and shape must agree with the module's, and messages read
// `file: name: expected [25, 3, 5, 5], got [25, 3, 3, 3]`. All functions throw std::runtime_error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>
#include <torch/types.h>

namespace mint::training {

// A module (borrowed) and the prefix of its names in the file: "detector" gives
// "detector.conv1.weight". A policy is saved together with its detector: two parts.
struct ModelPart {
  std::string prefix;
  torch::nn::Module* module = nullptr;
};

// Where a training loop is. Restored bit for bit, it continues as if never stopped.
struct TrainingState {
  int64_t step = 0;
  std::string position;                          // the loop's own text (UTF-8), e.g. JSON
  std::map<std::string, torch::Tensor> tensors;  // generator states, running averages, ...
  std::map<std::string, torch::optim::Optimizer*> optimizers;  // borrowed, by name
};

// Writes the folder `checkpoint`, replacing one of that name.
void save_checkpoint(const std::filesystem::path& checkpoint, const std::vector<ModelPart>& parts,
                     const std::string& config, const TrainingState& state);

// Writes <run>/checkpoints/<state.step> and then points <run>/last at it. Of older ones the newest
// `keep - 1` stay; 0 keeps all. Returns its folder.
std::filesystem::path save_run_checkpoint(const std::filesystem::path& run,
                                          const std::vector<ModelPart>& parts,
                                          const std::string& config, const TrainingState& state,
                                          int keep = 0);

// The checkpoint that a path given by a user means: a checkpoint itself, or the last one of a run.
std::filesystem::path find_checkpoint(const std::filesystem::path& run_or_checkpoint);

// Sizes and checksums of all files against the manifest; names the first file that differs. The
// functions below call it.
void verify_checkpoint(const std::filesystem::path& checkpoint);

// Copies the weights into the parts' modules. With `allow_others`, tensors of the file that belong
// to none of the parts are left alone (loading the detector out of a policy's checkpoint).
void load_model(const std::filesystem::path& checkpoint, const std::vector<ModelPart>& parts,
                bool allow_others = false);

// Fills `state.optimizers`, which must be those that were saved, and everything else of `state`.
void load_training_state(const std::filesystem::path& checkpoint, TrainingState& state);

std::string read_checkpoint_config(const std::filesystem::path& checkpoint);

}  // namespace mint::training
