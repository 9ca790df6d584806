#include "training/checkpoint.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <stdexcept>

#include <torch/types.h>
#include <nlohmann/json.hpp>

#include "training/atomic_file.h"
#include "training/checkpoint_manifest.h"
#include "training/shape_text.h"
#include "training/tensor_file.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;  // name to bytes

constexpr const char* kModel = "model.safetensors";
constexpr const char* kConfig = "config.yaml";
constexpr const char* kState = "training_state.json";
constexpr const char* kStateTensors = "training_state.safetensors";

std::string state_text(const TrainingState& state) {
  nlohmann::ordered_json json;
  json["step"] = state.step;
  json["metrics_bytes"] = state.metrics_bytes;
  json["data_checksum"] = state.data_checksum;
  return json.dump() + "\n";
}

const std::string& file_of(const Files& files, const std::string& name, const fs::path& folder) {
  const auto found = files.find(name);
  if (found == files.end())
    throw std::runtime_error((folder / name).string() + ": missing from the checkpoint");
  return found->second;
}

void check_tensor(const NamedArray& array, const torch::Tensor& target, const std::string& where) {
  if (torch::IntArrayRef(array.shape) != target.sizes())
    throw std::runtime_error(where + ": expected " + shape_text(target.sizes()) + ", got " +
                             shape_text(array.shape));
  if (array.dtype != dtype_name(target.scalar_type()))
    throw std::runtime_error(where + ": expected " + dtype_name(target.scalar_type()) + ", got " +
                             array.dtype);
}

// Steps of the checkpoints in a folder, oldest first.
std::vector<int64_t> saved_steps(const fs::path& folder) {
  std::vector<int64_t> steps;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && !name.empty() && name.size() < 19 &&
        std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); }))
      steps.push_back(std::stoll(name));
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

}  // namespace

std::map<std::string, torch::Tensor> named_tensors(const std::vector<ModelPart>& parts) {
  std::map<std::string, torch::Tensor> tensors;
  const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
    if (!tensors.emplace(name, tensor).second)
      throw std::invalid_argument("checkpoint: " + name + ": two parts have this name");
  };
  for (const auto& part : parts) {
    const std::string prefix = part.prefix.empty() ? "" : part.prefix + ".";
    for (const auto& item : part.module->named_parameters()) add(prefix + item.key(), item.value());
    for (const auto& item : part.module->named_buffers()) add(prefix + item.key(), item.value());
  }
  return tensors;
}

void save_checkpoint(const fs::path& checkpoint, const std::vector<ModelPart>& parts,
                     const std::string& config, const TrainingState& state) {
  Files files;
  files[kModel] = tensors_to_bytes(named_tensors(parts));
  files[kConfig] = config;
  files[kState] = state_text(state);
  files[kStateTensors] = tensors_to_bytes(state.tensors);
  publish_folder(checkpoint, [&](const fs::path& folder) {
    for (const auto& [name, bytes] : files) write_file_atomically(folder / name, bytes);
    write_file_atomically(folder / "manifest.json", manifest_text(files));
  });
}

fs::path save_run_checkpoint(const fs::path& run, const std::vector<ModelPart>& parts,
                             const std::string& config, const TrainingState& state, int keep) {
  const fs::path folder = run / "checkpoints";
  const fs::path name = std::to_string(state.step);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw std::runtime_error(folder.string() + ": cannot be created: " + error.message());
  save_checkpoint(folder / name, parts, config, state);
  settle_on_checkpoint(run, state.step, keep);
  return folder / name;
}

void settle_on_checkpoint(const fs::path& run, int64_t step, int keep) {
  const fs::path folder = run / "checkpoints";
  link_atomically(run / "last", fs::path("checkpoints") / std::to_string(step));
  const auto steps = saved_steps(folder);
  const auto here = std::lower_bound(steps.begin(), steps.end(), step);
  for (auto other = steps.begin(); other != steps.end(); ++other) {
    const bool is_kept = *other == step || (*other < step && (keep == 0 || here - other < keep));
    std::error_code ignored;  // it is only in the way
    if (!is_kept) fs::remove_all(folder / std::to_string(*other), ignored);
  }
}

std::optional<fs::path> newest_checkpoint(const fs::path& run) {
  const fs::path folder = run / "checkpoints";
  if (!fs::is_directory(folder)) return {};
  auto steps = saved_steps(folder);
  std::reverse(steps.begin(), steps.end());
  std::vector<std::string> damage;
  for (const int64_t step : steps) {
    const fs::path checkpoint = folder / std::to_string(step);
    try {
      verify_checkpoint(checkpoint);
    } catch (const std::runtime_error& error) {
      damage.push_back(error.what());
      continue;
    }
    for (const std::string& what : damage)
      std::fprintf(stderr, "damaged checkpoint: %s\n", what.c_str());
    if (!damage.empty()) std::fprintf(stderr, "using %s\n", checkpoint.c_str());
    return checkpoint;
  }
  if (!damage.empty()) throw std::runtime_error(damage.front());
  return {};
}

fs::path find_checkpoint(const fs::path& run_or_checkpoint) {
  if (fs::exists(run_or_checkpoint / "manifest.json")) return run_or_checkpoint;
  if (const auto newest = newest_checkpoint(run_or_checkpoint)) return *newest;
  if (!fs::exists(run_or_checkpoint))
    throw std::runtime_error(run_or_checkpoint.string() + ": checkpoint: no such file or folder");
  throw std::runtime_error(
      run_or_checkpoint.string() + ": checkpoint: expected a run or a checkpoint, got a " +
      (fs::is_directory(run_or_checkpoint) ? "folder without manifest.json" : "file"));
}

void verify_checkpoint(const fs::path& checkpoint) {
  read_verified_files(checkpoint);
}

void load_model(const fs::path& checkpoint, const std::vector<ModelPart>& parts,
                bool allow_others) {
  const Files files = read_verified_files(checkpoint);
  const std::string file = (checkpoint / kModel).string();
  const auto arrays = read_safetensors(file_of(files, kModel, checkpoint), file);
  const auto targets = named_tensors(parts);
  // All checks first: a refused checkpoint leaves the modules as they were.
  std::set<std::string> found;
  for (const auto& array : arrays) {
    const auto target = targets.find(array.name);
    if (target == targets.end() && allow_others) continue;
    if (target == targets.end())
      throw std::runtime_error(file + ": " + array.name + ": unknown to the model");
    check_tensor(array, target->second, file + ": " + array.name);
    found.insert(array.name);
  }
  for (const auto& entry : targets)
    if (found.count(entry.first) == 0)
      throw std::runtime_error(file + ": " + entry.first + ": missing");
  const torch::NoGradGuard no_grad;
  for (const auto& array : arrays) {
    const auto target = targets.find(array.name);
    if (target != targets.end()) target->second.copy_(to_tensor(array));
  }
}

TrainingState load_training_state(const fs::path& checkpoint) {
  const Files files = read_verified_files(checkpoint);
  TrainingState state;
  try {
    const auto json = nlohmann::json::parse(file_of(files, kState, checkpoint));
    state.step = json.at("step").get<int64_t>();
    state.metrics_bytes = json.at("metrics_bytes").get<int64_t>();
    state.data_checksum = json.at("data_checksum").get<int64_t>();
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error((checkpoint / kState).string() +
                             ": expected a training state, got damage or that of another version");
  }
  const std::string tensors = (checkpoint / kStateTensors).string();
  state.tensors = tensors_from_bytes(file_of(files, kStateTensors, checkpoint), tensors);
  return state;
}

std::string read_checkpoint_config(const fs::path& checkpoint) {
  return file_of(read_verified_files(checkpoint), kConfig, checkpoint);
}

}  // namespace mint::training
