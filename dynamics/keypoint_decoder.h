// What an interaction network's latents say about the next frames: positions or displacements.
//
// A policy uses it for its auxiliary loss, the keypoint predictor for its forecasts.
#pragma once

#include <cstdint>

#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace mint::dynamics {

struct KeypointDecoderConfig {
  int64_t latent = 32;   // L
  int64_t horizons = 1;  // H, frames ahead: 1..H
  // false: [.., H, 3] = (tanh x, tanh y, status), the paper's; the status is linear and no loss of
  // the paper uses it. true: [.., H, 2] = displacement (dx, dy), linear.
  bool displacement = false;
};

class KeypointDecoderImpl : public torch::nn::Module {
 public:
  explicit KeypointDecoderImpl(const KeypointDecoderConfig& config);

  // q [.., L] -> [.., H, 3] or [.., H, 2]; x right, y down, in [-1, 1] of the image.
  torch::Tensor forward(const torch::Tensor& latents);

 private:
  KeypointDecoderConfig config_;
  torch::nn::Linear hidden_{nullptr};  // L -> L, ReLU
  torch::nn::Linear output_{nullptr};  // L -> 3H or 2H
};
TORCH_MODULE(KeypointDecoder);

}  // namespace mint::dynamics
