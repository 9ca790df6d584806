#include "perception/video_structure_network.h"

#include <utility>

#include <torch/torch.h>

#include "perception/default_weights.h"
#include "perception/leaky_batch_norm.h"

namespace mint::perception {
namespace {

using torch::Tensor;
namespace nn = torch::nn;

constexpr double kStructureSlope = 0.2;

Tensor activate(const Tensor& x, nn::BatchNorm2d& norm) {
  if (norm.is_empty()) return torch::leaky_relu(x, kStructureSlope);
  return leaky_batch_norm(x, *norm, kStructureSlope);
}

// x and y of every cell as [2, height, width].
Tensor coordinate_channels(int64_t height, int64_t width, bool y_up, const Tensor& like) {
  const Tensor x = torch::linspace(-1, 1, width, like.options());
  const Tensor y = torch::linspace(-1, 1, height, like.options()) * (y_up ? -1 : 1);
  return torch::stack({x.expand({height, width}), y.unsqueeze(1).expand({height, width})});
}

Tensor with_coordinates(const Tensor& x, bool y_up) {
  const int64_t n = x.size(0), height = x.size(2), width = x.size(3);
  return torch::cat({x, coordinate_channels(height, width, y_up, x).expand({n, 2, height, width})},
                    1);
}

Tensor upsampled(const Tensor& x, bool aligned_corners) {
  return torch::upsample_bilinear2d(x, {2 * x.size(2), 2 * x.size(3)}, aligned_corners);
}

StructureBlock block(const VideoStructureLayout& layout, int64_t in, int64_t out,
                     int64_t stride = 1) {
  return StructureBlock(in, out, stride, /*normalised=*/!layout.original,
                        /*pad_after=*/layout.original);
}

// Three scales of three convolutions.
nn::Sequential make_pyramid(const VideoStructureLayout& layout, int64_t in) {
  nn::Sequential network;
  for (int64_t scale = 0; scale < 3; ++scale) {
    const int64_t out = layout.channels << scale;
    network->push_back(block(layout, in, out, scale == 0 ? 1 : 2));
    network->push_back(block(layout, out, out));
    network->push_back(block(layout, out, out));
    in = out;
  }
  return network;
}

}  // namespace

StructureBlockImpl::StructureBlockImpl(int64_t in, int64_t out, int64_t stride, bool normalised,
                                       bool pad_after)
    : pad_after_(pad_after && stride == 2) {
  // With stride 2 and an even size the last row and column of symmetric padding are never read.
  convolution_ = register_module(
      "convolution",
      nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(stride).padding(pad_after_ ? 0 : 1)));
  if (normalised) norm_ = register_module("norm", nn::BatchNorm2d(out));
}

Tensor StructureBlockImpl::forward(const Tensor& x) {
  const Tensor padded = pad_after_ ? torch::constant_pad_nd(x, {0, 1, 0, 1}) : x;
  return activate(convolution_->forward(padded), norm_);
}

VideoStructureNetworkImpl::VideoStructureNetworkImpl(const VideoStructureLayout& layout,
                                                     torch::Generator generator)
    : layout_(layout) {
  const int64_t K = layout.keypoints, C = layout.channels;
  detector_ = make_pyramid(layout, 3 + 2);
  detector_->push_back(nn::Conv2d(nn::Conv2dOptions(4 * C, K, 1)));
  detector_->push_back(nn::Softplus());
  register_module("detector", detector_);
  appearance_ = make_pyramid(layout, 3);
  appearance_->push_back(block(layout, 4 * C, 4 * C));
  register_module("appearance", appearance_);

  const int64_t kernel = layout.original ? 1 : 3;
  decoder_input_ = register_module(
      "decoder_input",
      nn::Conv2d(nn::Conv2dOptions(2 * K + 4 * C + 2, 4 * C, kernel).padding(kernel / 2)));
  if (!layout.original) {
    decoder_input_norm_ = register_module("decoder_input_norm", nn::BatchNorm2d(4 * C));
  }
  middle_scale_->push_back(block(layout, 4 * C, 2 * C));
  middle_scale_->push_back(block(layout, 2 * C, 2 * C));
  register_module("middle_scale", middle_scale_);
  finest_scale_->push_back(block(layout, 2 * C, C));
  finest_scale_->push_back(block(layout, C, C));
  finest_scale_->push_back(nn::Conv2d(nn::Conv2dOptions(C, 3, 1)));
  if (!layout.original) finest_scale_->push_back(nn::BatchNorm2d(3));
  register_module("finest_scale", finest_scale_);
  draw_default_weights(*this, WeightBound::kHeUniform, std::move(generator));
}

Tensor VideoStructureNetworkImpl::heatmaps(const Tensor& frames) {
  return detector_->forward(with_coordinates(frames, layout_.original));
}

Tensor VideoStructureNetworkImpl::appearance(const Tensor& first_frames) {
  return appearance_->forward(first_frames);
}

// The convolution of [maps of the frame, appearance, maps of the first frame, coordinates], [B T,
// 4 C, ..]. All but the maps of the frame belong to the window and are convolved once for it.
Tensor VideoStructureNetworkImpl::decoder_input(const Tensor& maps, const Tensor& appearance,
                                                const Tensor& first_maps) {
  const int64_t K = layout_.keypoints;
  const Tensor& weight = decoder_input_->weight;
  const int64_t padding = weight.size(2) / 2;
  const Tensor of_window =
      with_coordinates(torch::cat({appearance, first_maps}, 1), layout_.original);
  const Tensor window_part =
      torch::conv2d(of_window, weight.slice(1, K), decoder_input_->bias, 1, padding);
  const Tensor frame_part =
      torch::conv2d(maps.flatten(0, 1), weight.slice(1, 0, K), {}, 1, padding);
  const Tensor sum =
      frame_part.unflatten(0, {maps.size(0), maps.size(1)}) + window_part.unsqueeze(1);
  return sum.flatten(0, 1);
}

Tensor VideoStructureNetworkImpl::change(const Tensor& maps, const Tensor& appearance,
                                         const Tensor& first_maps) {
  const bool aligned = layout_.original;
  Tensor x = activate(decoder_input(maps, appearance, first_maps), decoder_input_norm_);
  x = middle_scale_->forward(upsampled(x, aligned));
  x = finest_scale_->forward(upsampled(x, aligned));
  return x.unflatten(0, {maps.size(0), maps.size(1)});
}

std::vector<Tensor> VideoStructureNetworkImpl::reconstruction_parameters() const {
  std::vector<Tensor> all;
  for (const auto& item : named_parameters()) {
    if (item.key().rfind("detector.", 0) != 0) all.push_back(item.value());
  }
  return all;
}

}  // namespace mint::perception
