// The MINT network (spec 3): six blocks of convolution, LeakyReLU and batch normalisation that turn
// a frame into K feature maps. Three blocks go down, three transposed ones go up; the output grid
// is larger than a 96 x 96 image (135 x 135) and smaller than wide ones.
//
// Parameters and buffers carry the published names: model.0.weight ... model.17.running_var.
#pragma once

#include <array>

#include <torch/nn.h>

#include "perception/heatmap_grid.h"
#include "perception/soft_argmax.h"

namespace mint::perception {

struct HourglassConfig {
  int64_t keypoints = 25;  // K
  int64_t height = 96;     // H, pixels of the input image, >= 8
  int64_t width = 96;      // W; below 100 the strides differ (spec 3.2)
};

class HourglassImpl : public torch::nn::Module {
 public:
  // Weights are Xavier normal, biases uniform as in the reference (spec 3.3), all drawn from
  // `generator`: the same seed gives the same bytes. Throws std::invalid_argument for sizes.
  HourglassImpl(const HourglassConfig& config, torch::Generator generator);

  // images [N, 3, H, W], values 0..255, uint8 or the dtype of the weights -> u [N, K, HH, WW], the
  // maps before the softplus, by the library's modules one after the other. In training mode the
  // batch statistics are used and the running statistics move. Throws std::invalid_argument for
  // another shape.
  torch::Tensor forward(const torch::Tensor& images);

  // soft_argmax(forward(images)), in float32 on the CPU many times as fast
  // (perception/hourglass_pass.h). This is what training and inference use.
  SoftArgmax keypoints(const torch::Tensor& images);

  // true: forgets the running statistics and makes them the plain average of the batches that
  // follow in training mode. false: moves them with momentum 0.1 again, from where they are.
  void average_statistics(bool enabled);

  const HourglassConfig& config() const { return config_; }
  HeatmapGrid grid() const { return heatmap_grid(config_.height, config_.width); }

 private:
  void check(const torch::Tensor& images) const;
  torch::Tensor normalised(const torch::Tensor& images);  // checked, -1..509

  HourglassConfig config_;
  torch::nn::Sequential model_;
  std::array<torch::nn::Conv2d, 3> down_;
  std::array<torch::nn::ConvTranspose2d, 3> up_;
  std::array<torch::nn::BatchNorm2d, 6> norm_;
};
TORCH_MODULE(Hourglass);

}  // namespace mint::perception
