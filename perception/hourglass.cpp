#include "perception/hourglass.h"

#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "perception/hourglass_pass.h"

namespace mint::perception {
namespace {

using torch::Tensor;
namespace nn = torch::nn;

constexpr double kSlope = 0.01;    // LeakyReLU
constexpr double kMomentum = 0.1;  // of the running statistics in training
constexpr int64_t kSmallestSide = 8;

void initialise(Tensor weight, Tensor bias, torch::Generator& generator) {
  torch::NoGradGuard no_grad;
  const double taps = static_cast<double>(weight.size(2) * weight.size(3));
  const double fan_in = static_cast<double>(weight.size(1)) * taps;
  const double fan_out = static_cast<double>(weight.size(0)) * taps;
  weight.normal_(0, std::sqrt(2 / (fan_in + fan_out)), generator);
  // The library's default takes fan_in from dimension 1 for transposed convolutions, too.
  const double bound = 1 / std::sqrt(fan_in);
  bias.uniform_(-bound, bound, generator);
}

}  // namespace

HourglassImpl::HourglassImpl(const HourglassConfig& config, torch::Generator generator)
    : config_(config),
      down_{nullptr, nullptr, nullptr},
      up_{nullptr, nullptr, nullptr},
      norm_{nullptr, nullptr, nullptr, nullptr, nullptr, nullptr} {
  const int64_t K = config.keypoints;
  if (K < 1 || config.height < kSmallestSide || config.width < kSmallestSide) {
    throw std::invalid_argument(
        "Hourglass: config: expected keypoints >= 1 and sides >= " + std::to_string(kSmallestSide) +
        ", got " + std::to_string(K) + ", height " + std::to_string(config.height) + ", width " +
        std::to_string(config.width));
  }
  const HourglassStrides strides = hourglass_strides(config.width);
  const int64_t in[6] = {3, K, K, 2 * K, 2 * K, K};
  const int64_t out[6] = {K, K, 2 * K, 2 * K, K, K};
  for (int i = 0; i < 6; ++i) {
    if (i < 3) {
      down_[i] = nn::Conv2d(
          nn::Conv2dOptions(in[i], out[i], i == 0 ? 5 : 3).stride(strides.down[i]).padding(1));
      initialise(down_[i]->weight, down_[i]->bias, generator);
      model_->push_back(down_[i]);
    } else {
      up_[i - 3] = nn::ConvTranspose2d(
          nn::ConvTranspose2dOptions(in[i], out[i], 3).stride(strides.up[i - 3]));
      initialise(up_[i - 3]->weight, up_[i - 3]->bias, generator);
      model_->push_back(up_[i - 3]);
    }
    model_->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(kSlope)));
    norm_[i] = nn::BatchNorm2d(nn::BatchNorm2dOptions(out[i]).momentum(kMomentum));
    model_->push_back(norm_[i]);
  }
  register_module("model", model_);
}

void HourglassImpl::check(const Tensor& images) const {
  const auto type = down_[0]->weight.scalar_type();
  const bool known_type = images.scalar_type() == torch::kUInt8 || images.scalar_type() == type;
  if (!known_type || images.dim() != 4 || images.size(1) != 3 || images.size(2) != config_.height ||
      images.size(3) != config_.width) {
    std::ostringstream message;
    message << "Hourglass: images: expected uint8 or " << type << " [N, 3, " << config_.height
            << ", " << config_.width << "], got " << images.scalar_type() << " " << images.sizes();
    throw std::invalid_argument(message.str());
  }
}

Tensor HourglassImpl::normalised(const Tensor& images) {
  check(images);
  return images.to(down_[0]->weight.scalar_type()).mul(2).sub_(1);  // (x - 0.5) / 0.5
}

Tensor HourglassImpl::forward(const Tensor& images) {
  return model_->forward(normalised(images));
}

SoftArgmax HourglassImpl::keypoints(const Tensor& images) {
  const bool has_kernels = down_[0]->weight.scalar_type() == torch::kFloat &&
                           down_[0]->weight.device().is_cpu() && !images.requires_grad();
  if (!has_kernels) return soft_argmax(forward(images));
  check(images);
  std::vector<HourglassBlock> blocks;
  for (size_t i = 0; i < 3; ++i) {
    blocks.push_back({down_[i]->weight, down_[i]->bias, norm_[i].get()});
  }
  for (size_t i = 0; i < 3; ++i) {
    blocks.push_back({up_[i]->weight, up_[i]->bias, norm_[i + 3].get()});
  }
  return hourglass_pass(images, blocks, kSlope);
}

void HourglassImpl::average_statistics(bool enabled) {
  for (auto& norm : norm_) {
    if (enabled) {
      norm->reset_running_stats();
      norm->options.momentum(torch::nullopt);
    } else {
      norm->options.momentum(kMomentum);
    }
  }
}

}  // namespace mint::perception
