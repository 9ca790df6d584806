#include "perception/transporter_network.h"

#include <utility>

#include <torch/torch.h>

#include "perception/default_weights.h"

namespace mint::perception {
namespace {

using torch::Tensor;
namespace nn = torch::nn;

// Convolutions keep the size, or halve (double, if transposed) it with kernel 4 and stride 2.
nn::Conv2d same_convolution(int64_t in, int64_t out, int64_t kernel) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, kernel).padding(kernel / 2));
}

nn::Conv2d halving_convolution(int64_t in, int64_t out) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 4).stride(2).padding(1));
}

nn::ConvTranspose2d doubling_convolution(int64_t in, int64_t out) {
  return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, 4).stride(2).padding(1));
}

template <typename Convolution>
void push_block(nn::Sequential& network, const Convolution& convolution, int64_t out) {
  network->push_back(convolution);
  network->push_back(nn::BatchNorm2d(out));
  network->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2).inplace(true)));
}

nn::Sequential make_encoder(int64_t n) {
  nn::Sequential network;
  push_block(network, same_convolution(3, n, 7), n);
  push_block(network, same_convolution(n, n, 5), n);
  push_block(network, halving_convolution(n, 2 * n), 2 * n);
  push_block(network, same_convolution(2 * n, 2 * n, 3), 2 * n);
  push_block(network, halving_convolution(2 * n, 4 * n), 4 * n);
  return network;
}

nn::Sequential make_refiner(int64_t n) {
  nn::Sequential network;
  push_block(network, doubling_convolution(4 * n, 4 * n), 4 * n);
  push_block(network, same_convolution(4 * n, 2 * n, 3), 2 * n);
  push_block(network, doubling_convolution(2 * n, 2 * n), 2 * n);
  push_block(network, same_convolution(2 * n, n, 5), n);
  network->push_back(same_convolution(n, 3, 7));
  return network;
}

}  // namespace

TransporterNetworkImpl::TransporterNetworkImpl(int64_t keypoints, int64_t channels,
                                               torch::Generator generator) {
  encoder_ = register_module("encoder", make_encoder(channels));
  keypointer_ = make_encoder(channels);
  keypointer_->push_back(same_convolution(4 * channels, keypoints, 1));
  register_module("keypointer", keypointer_);
  refiner_ = register_module("refiner", make_refiner(channels));
  draw_default_weights(*this, WeightBound::kLibrary, std::move(generator));
}

Tensor TransporterNetworkImpl::features(const Tensor& frames) {
  return encoder_->forward(frames);
}

Tensor TransporterNetworkImpl::scores(const Tensor& frames) {
  return keypointer_->forward(frames);
}

Tensor TransporterNetworkImpl::reconstruction(const Tensor& features) {
  return refiner_->forward(features);
}

}  // namespace mint::perception
