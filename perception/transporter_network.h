// The three networks of Transporter as the paper compared it (spec keypoint_baselines 2.1 - 2.4):
// an encoder, a keypoint network and a refiner. 568,228 parameters at the default sizes.
#pragma once

#include <torch/nn.h>

namespace mint::perception {

class TransporterNetworkImpl : public torch::nn::Module {
 public:
  // `channels` is the width of the first layer. Weights are the library's default, drawn from
  // `generator`.
  TransporterNetworkImpl(int64_t keypoints, int64_t channels, torch::Generator generator);

  // frames [N, 3, h, w], values -0.5 .. 0.5, sides multiples of 4.
  torch::Tensor features(const torch::Tensor& frames);  // [N, 4 channels, h / 4, w / 4]
  torch::Tensor scores(const torch::Tensor& frames);    // [N, K, h / 4, w / 4]

  // Mixed features -> the frame that they belong to, [N, 3, h, w].
  torch::Tensor reconstruction(const torch::Tensor& features);

 private:
  torch::nn::Sequential encoder_, keypointer_, refiner_;
};
TORCH_MODULE(TransporterNetwork);

}  // namespace mint::perception
