#include "training/keypoint_cache.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "training/content_hash.h"
#include "training/tensor_file.h"

namespace mint::training {
namespace {

void add_tensor(ContentHash& hash, const torch::Tensor& tensor) {
  const auto values = tensor.detach().contiguous();
  hash.add(values.data_ptr(), values.nbytes());
}

std::string cache_name(perception::Detector& detector, double gamma, const torch::Tensor& frames) {
  ContentHash weights, content;
  for (const auto& tensor : detector.module().parameters()) add_tensor(weights, tensor);
  for (const auto& tensor : detector.module().buffers()) add_tensor(weights, tensor);
  add_tensor(content, frames);
  char name[100];
  std::snprintf(name, sizeof name, "%s-%s-gamma%g-%s.safetensors", detector.name().c_str(),
                weights.text().c_str(), gamma, content.text().c_str());
  return name;
}

perception::Keypoints read_cache(const std::filesystem::path& file, int64_t frames, int64_t k) {
  const auto tensors = read_tensors(file);
  const auto get = [&](const char* name, const std::vector<int64_t>& shape) {
    const auto& tensor = find_tensor(tensors, name, torch::kFloat32, shape.size());
    if (tensor.sizes() != shape) throw std::runtime_error(std::string(name) + ": another shape");
    return tensor;
  };
  return {get("xy", {frames, k, 2}), get("active", {frames, k})};
}

}  // namespace

perception::Keypoints cached_keypoints(perception::Detector& detector, double gamma,
                                       const torch::Tensor& frames,
                                       const std::filesystem::path& folder,
                                       const std::function<void(int64_t)>& on_frames) {
  const auto file = folder / cache_name(detector, gamma, frames);
  if (std::filesystem::exists(file)) {
    try {
      return read_cache(file, frames.size(0), detector.keypoints());
    } catch (const std::runtime_error&) {
      // Damaged: nothing is lost by computing it again.
    }
  }
  constexpr int64_t kChunk = 64;  // frames between two reports
  std::vector<torch::Tensor> xy;
  std::vector<torch::Tensor> active;
  for (int64_t first = 0; first < frames.size(0); first += kChunk) {
    const int64_t last = std::min(first + kChunk, frames.size(0));
    const auto keypoints = detector.detect(frames.slice(0, first, last));
    xy.push_back(keypoints.xy);
    active.push_back(keypoints.active);
    on_frames(last);
  }
  const perception::Keypoints keypoints{torch::cat(xy), torch::cat(active)};
  try {
    std::filesystem::create_directories(folder);
    write_tensors(file, {{"active", keypoints.active}, {"xy", keypoints.xy}});
  } catch (const std::runtime_error&) {
    // The run of a detector may lie on a read-only disk: the cache is a saving, not a result.
  }
  return keypoints;
}

}  // namespace mint::training
