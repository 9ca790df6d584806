// Fixture arrays as tensors, and the published weights into a network.
#pragma once

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <torch/torch.h>

#include "tests/support/fixtures.h"
#include "tests/support/npy.h"

namespace mint::tests {

// float64 tensor of a .npy file.
inline torch::Tensor load_tensor(const std::filesystem::path& file) {
  const Array array = read_npy(file);
  return torch::tensor(array.values, torch::kDouble).reshape(array.shape);
}

// uint8 [.., 3, H, W] of an image file [.., H, W, 3].
inline torch::Tensor load_images(const std::filesystem::path& file) {
  const torch::Tensor images = load_tensor(file).to(torch::kUInt8);
  return images.movedim(-1, -3).contiguous();
}

// Every entry of the manifest (name, shape, offset in floats) into the parameter or buffer of that
// name; fails the test when one is missing on either side. num_batches_tracked may be absent.
inline void load_weights(torch::nn::Module& module, const std::filesystem::path& manifest_file) {
  torch::NoGradGuard no_grad;
  auto bin = manifest_file;
  const std::vector<float> values = read_floats(bin.replace_extension(".bin"));
  auto parameters = module.named_parameters();
  auto buffers = module.named_buffers();
  size_t loaded = 0;
  const nlohmann::json manifest = read_json(manifest_file);
  for (const auto& entry : manifest.at("tensors")) {
    const std::string name = entry.at("name");
    torch::Tensor* target = parameters.find(name);
    if (!target) target = buffers.find(name);
    ASSERT_NE(target, nullptr) << name;
    const std::vector<int64_t> shape = entry.at("shape");
    ASSERT_EQ(target->sizes().vec(), shape) << name;
    const auto offset = entry.at("offset").get<size_t>();
    ASSERT_LE(offset + static_cast<size_t>(target->numel()), values.size()) << name;
    target->copy_(torch::tensor(torch::ArrayRef<float>(values.data() + offset,
                                                       static_cast<size_t>(target->numel())))
                      .reshape(shape));
    ++loaded;
  }
  size_t expected = parameters.size();
  for (const auto& item : buffers) expected += item.key().find("num_batches") == std::string::npos;
  ASSERT_GE(loaded, expected);
}

// max |a - b| / max |b|, or the plain maximum where b is zero.
inline double relative_error(const torch::Tensor& a, const torch::Tensor& b) {
  const double scale = b.abs().max().item<double>();
  const double error = (a.to(torch::kDouble) - b.to(torch::kDouble)).abs().max().item<double>();
  return scale > 0 ? error / scale : error;
}

inline double largest_error(const torch::Tensor& a, const torch::Tensor& b) {
  return (a.to(torch::kDouble) - b.to(torch::kDouble)).abs().max().item<double>();
}

}  // namespace mint::tests
