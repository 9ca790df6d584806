#include "training/rollout_file.h"

#include <stdexcept>
#include <string>
#include <utility>

#include <torch/torch.h>

#include "training/optimiser_state.h"
#include "training/tensor_file.h"

namespace mint::training {
namespace {

torch::Tensor to_text_tensor(const std::string& text) {
  return torch::tensor(std::vector<uint8_t>(text.begin(), text.end()), torch::kUInt8);
}

std::string to_text(const torch::Tensor& bytes) {
  return std::string(static_cast<const char*>(bytes.data_ptr()),
                     static_cast<size_t>(bytes.numel()));
}

torch::Tensor to_action_tensor(const std::vector<int>& actions) {
  return torch::tensor(std::vector<int64_t>(actions.begin(), actions.end()));
}

std::vector<int> to_actions(const torch::Tensor& tensor) {
  std::vector<int> actions;
  for (int64_t i = 0; i < tensor.size(0); ++i) {
    actions.push_back(static_cast<int>(tensor[i].item<int64_t>()));
  }
  return actions;
}

// "7.frames": of episode 7.
std::string name_of(size_t episode, const char* what) {
  return std::to_string(episode) + "." + what;
}

LabelledRollout read_rollout(const NamedTensors& tensors, size_t i) {
  const auto get = [&](const char* what, torch::ScalarType type, int64_t sides) {
    return find_tensor(tensors, name_of(i, what), type, sides);
  };
  LabelledRollout rollout;
  Episode& episode = rollout.episode;
  episode.env_name = to_text(get("env_name", torch::kUInt8, 1));
  episode.source = to_text(get("source", torch::kUInt8, 1));
  episode.score = get("score", torch::kFloat64, 0).item<double>();
  episode.seed = static_cast<uint64_t>(get("seed", torch::kInt64, 0).item<int64_t>());
  episode.actions = to_actions(get("actions", torch::kInt64, 1));
  episode.executed_actions = to_actions(get("executed_actions", torch::kInt64, 1));
  episode.height = static_cast<int>(get("height", torch::kInt64, 0).item<int64_t>());
  episode.width = static_cast<int>(get("width", torch::kInt64, 0).item<int64_t>());
  if (tensors.count(name_of(i, "frames")) > 0) rollout.frames = get("frames", torch::kUInt8, 4);
  if (tensors.count(name_of(i, "xy")) > 0) {
    rollout.keypoints = {get("xy", torch::kFloat32, 3), get("active", torch::kFloat32, 2)};
  }
  rollout.agreed = get("agreed", torch::kInt64, 0).item<int64_t>();
  return rollout;
}

}  // namespace

void write_rollouts(const std::filesystem::path& file,
                    const std::vector<LabelledRollout>& rollouts) {
  NamedTensors tensors;
  tensors["episodes"] = torch::tensor(static_cast<int64_t>(rollouts.size()));
  for (size_t i = 0; i < rollouts.size(); ++i) {
    const LabelledRollout& rollout = rollouts[i];
    const Episode& episode = rollout.episode;
    const auto put = [&](const char* what, const torch::Tensor& tensor) {
      tensors[name_of(i, what)] = tensor;
    };
    put("env_name", to_text_tensor(episode.env_name));
    put("source", to_text_tensor(episode.source));
    put("score", torch::tensor(episode.score, torch::kFloat64));
    put("seed", torch::tensor(static_cast<int64_t>(episode.seed)));
    put("actions", to_action_tensor(episode.actions));
    put("executed_actions", to_action_tensor(episode.executed_actions));
    put("height", torch::tensor(static_cast<int64_t>(episode.height)));
    put("width", torch::tensor(static_cast<int64_t>(episode.width)));
    if (rollout.frames.defined()) put("frames", rollout.frames);
    if (rollout.keypoints.xy.defined()) {
      put("xy", rollout.keypoints.xy);
      put("active", rollout.keypoints.active);
    }
    put("agreed", torch::tensor(rollout.agreed));
  }
  std::filesystem::create_directories(file.parent_path());
  write_tensors(file, std::move(tensors));
}

std::vector<LabelledRollout> read_rollouts(const std::filesystem::path& file) {
  const auto tensors = read_tensors(file);
  try {
    std::vector<LabelledRollout> rollouts;
    const auto episodes = find_tensor(tensors, "episodes", torch::kInt64, 0).item<int64_t>();
    for (int64_t i = 0; i < episodes; ++i) {
      rollouts.push_back(read_rollout(tensors, static_cast<size_t>(i)));
    }
    return rollouts;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

}  // namespace mint::training
