// The fully connected layers in which the paper's baselines end (spec A.3, A.4): four of width 128,
// 64, 32, 32, each followed by batch normalisation and ReLU.
#pragma once

#include <cstdint>

#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace mint::agents {

class PublishedLayersImpl : public torch::nn::Module {
 public:
  static constexpr int64_t kOutputs = 32;

  explicit PublishedLayersImpl(int64_t inputs);

  // [N, inputs] -> [N, 32]. In training mode the rows depend on each other, N at least 2.
  torch::Tensor forward(const torch::Tensor& rows);

 private:
  torch::nn::Sequential layers_;
};
TORCH_MODULE(PublishedLayers);

}  // namespace mint::agents
