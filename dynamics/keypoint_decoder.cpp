#include "dynamics/keypoint_decoder.h"

#include <vector>

#include <torch/torch.h>

namespace mint::dynamics {

KeypointDecoderImpl::KeypointDecoderImpl(const KeypointDecoderConfig& config) : config_(config) {
  const int64_t values = config.displacement ? 2 : 3;
  hidden_ = register_module("hidden", torch::nn::Linear(config.latent, config.latent));
  output_ = register_module("output", torch::nn::Linear(config.latent, values * config.horizons));
}

torch::Tensor KeypointDecoderImpl::forward(const torch::Tensor& latents) {
  const torch::Tensor flat = output_->forward(torch::relu(hidden_->forward(latents)));
  std::vector<int64_t> shape = latents.sizes().vec();
  shape.back() = config_.horizons;
  shape.push_back(config_.displacement ? 2 : 3);
  const torch::Tensor values = flat.view(shape);
  if (config_.displacement) return values;
  return torch::cat({values.narrow(-1, 0, 2).tanh(), values.narrow(-1, 2, 1)}, -1);
}

}  // namespace mint::dynamics
