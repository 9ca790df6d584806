// Reads the cases of fixtures/baselines/interaction and puts their weights into our modules.
#pragma once

#include <filesystem>
#include <string>
#include <tuple>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "dynamics/interaction_network.h"
#include "dynamics/keypoint_decoder.h"
#include "tests/support/npy.h"

namespace mint::tests {

inline torch::Tensor load_tensor(const std::filesystem::path& file) {
  Array array = read_npy(file);
  return torch::from_blob(array.values.data(), array.shape, torch::kFloat64).clone();
}

// "X_weight.npy" and "X_bias.npy" of `folder`; a shape that differs fails the test.
inline void load_linear(const std::filesystem::path& folder, const std::string& name,
                        torch::nn::Module& layer) {
  torch::NoGradGuard no_grad;
  for (const char* part : {"weight", "bias"}) {
    const torch::Tensor values = load_tensor(folder / (name + "_" + part + ".npy"));
    torch::Tensor parameter = layer.named_parameters()[part];
    ASSERT_EQ(parameter.sizes(), values.sizes()) << folder << " " << name << " " << part;
    parameter.copy_(values);
  }
}

// `module` holds an interaction network; its layers have the names given in interaction_network.h.
inline void load_network(const std::filesystem::path& folder, torch::nn::Module& network) {
  const auto parts = network.named_modules();
  for (const auto& [ours, theirs, count] :
       {std::tuple{"encoder", "enc", 2}, {"relation", "rel", 4}, {"object", "obj", 4}}) {
    for (int i = 0; i < count; ++i) {
      const std::string index = std::to_string(i);
      load_linear(folder, theirs + index, *parts[std::string(ours) + "." + index]);
    }
  }
  load_linear(folder, "proj", *parts["projection"]);
}

inline void load_decoder(const std::filesystem::path& folder, torch::nn::Module& decoder) {
  const auto parts = decoder.named_modules();
  load_linear(folder, "dec0", *parts["hidden"]);
  load_linear(folder, "dec1", *parts["output"]);
}

// 1e-4 relative and 1e-5 absolute in float (the fixtures' README), rounding alone in double.
inline bool close(const torch::Tensor& ours, const torch::Tensor& expected) {
  const bool is_float = ours.scalar_type() == torch::kFloat32;
  return ours.sizes() == expected.sizes() &&
         torch::allclose(ours.to(torch::kFloat64), expected, is_float ? 1e-4 : 1e-10,
                         is_float ? 1e-5 : 1e-12);
}

}  // namespace mint::tests
