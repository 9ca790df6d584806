// The networks of Video Structure (spec keypoint_baselines 3.1, 3.2, 3.4): a detector of heatmaps,
// and the reconstruction network of an appearance encoder and a decoder. At the default sizes the
// comparison's have 485,913 + 976,617 parameters.
#pragma once

#include <torch/nn.h>

namespace mint::perception {

struct VideoStructureLayout {
  int64_t keypoints = 25;  // K
  int64_t channels = 32;   // C, of the first scale; the others have 2 C and 4 C
  // The original's networks: no normalisation, stride-2 convolutions padded at the bottom and
  // right, decoder input by a 1x1 convolution, upsampling with aligned corners, y pointing up.
  bool original = false;
};

// A convolution, LeakyReLU(0.2) and, if wanted, batch normalisation, in this order.
class StructureBlockImpl : public torch::nn::Module {
 public:
  // Stride 1 keeps the size. Stride 2 halves it; the padding is one row and column before the image
  // (the comparison) or after it.
  StructureBlockImpl(int64_t in, int64_t out, int64_t stride, bool normalised, bool pad_after);

  torch::Tensor forward(const torch::Tensor& x);

 private:
  bool pad_after_;
  torch::nn::Conv2d convolution_{nullptr};
  torch::nn::BatchNorm2d norm_{nullptr};  // empty without normalisation
};
TORCH_MODULE(StructureBlock);

class VideoStructureNetworkImpl : public torch::nn::Module {
 public:
  // Weights are He-uniform, drawn from `generator`.
  VideoStructureNetworkImpl(const VideoStructureLayout& layout, torch::Generator generator);

  // frames [N, 3, h, w], values -0.5 .. 0.5, sides multiples of 4 -> [N, K, h / 4, w / 4], >= 0.
  torch::Tensor heatmaps(const torch::Tensor& frames);

  // First frames of B windows [B, 3, h, w] -> [B, 4 C, h / 4, w / 4].
  torch::Tensor appearance(const torch::Tensor& first_frames);

  // Gaussian maps of T frames each [B, T, K, h / 4, w / 4], and of the first frames
  // [B, K, h / 4, w / 4] -> the change from the first frame to each of them, [B, T, 3, h, w].
  torch::Tensor change(const torch::Tensor& maps, const torch::Tensor& appearance,
                       const torch::Tensor& first_maps);

  // Their gradients are clipped apart (spec 3.5).
  std::vector<torch::Tensor> detector_parameters() const { return detector_->parameters(); }
  std::vector<torch::Tensor> reconstruction_parameters() const;

 private:
  torch::Tensor decoder_input(const torch::Tensor& maps, const torch::Tensor& appearance,
                              const torch::Tensor& first_maps);

  VideoStructureLayout layout_;
  torch::nn::Sequential detector_, appearance_;
  torch::nn::Conv2d decoder_input_{nullptr};
  torch::nn::BatchNorm2d decoder_input_norm_{nullptr};  // empty in the original
  torch::nn::Sequential middle_scale_, finest_scale_;   // of the decoder
};
TORCH_MODULE(VideoStructureNetwork);

}  // namespace mint::perception
