#include "agents/published_layers.h"

#include <string>

#include <torch/torch.h>

namespace mint::agents {

PublishedLayersImpl::PublishedLayersImpl(int64_t inputs) {
  int layer = 0;
  for (int64_t outputs : {int64_t{128}, int64_t{64}, int64_t{32}, kOutputs}) {
    const std::string number = std::to_string(++layer);
    layers_->push_back("linear" + number, torch::nn::Linear(inputs, outputs));
    layers_->push_back("norm" + number, torch::nn::BatchNorm1d(outputs));
    layers_->push_back("relu" + number, torch::nn::ReLU());
    inputs = outputs;
  }
  register_module("layers", layers_);
}

torch::Tensor PublishedLayersImpl::forward(const torch::Tensor& rows) {
  return layers_->forward(rows);
}

}  // namespace mint::agents
