#include "perception/mint_detector.h"

#include <torch/torch.h>

#include "perception/detector_input.h"
#include "perception/module_mode.h"

namespace mint::perception {
namespace {

using torch::Tensor;

}  // namespace

MintDetector::MintDetector(const MintConfig& config, uint64_t seed)
    : config_(config),
      network_(HourglassConfig{config.keypoints, config.height, config.width},
               at::detail::createCPUGenerator(seed)) {}

Keypoints MintDetector::detect(const Tensor& images) {
  require_images("MintDetector::detect: images", images, config_.height, config_.width);
  const torch::NoGradGuard no_grad;
  const ModeGuard evaluation(*network_, false);
  const int64_t n = images.size(0), K = config_.keypoints;
  const Tensor xy = torch::empty({n, K, 2}), active = torch::empty({n, K});
  for (int64_t i = 0; i < n; ++i) {
    const SoftArgmax found = network_->keypoints(images.slice(0, i, i + 1));
    xy[i].copy_(found.coords[0]);
    active[i].copy_(found.activation[0] > config_.detect_gamma);
  }
  return {xy, active};
}

MintDetector::Output MintDetector::train_forward(const Tensor& images) {
  const SoftArgmax found = network_->keypoints(images);
  Tensor status = keypoint_status(found.activation, config_.train_gamma);
  if (config_.status_gradient_slope != kStatusSlope) {
    const Tensor gentle =
        torch::sigmoid((found.activation - config_.train_gamma) * config_.status_gradient_slope);
    status = status.detach() + (gentle - gentle.detach());
  }
  return {found.coords, found.activation, status};
}

void MintDetector::recalibrate(const std::function<Tensor(int64_t)>& next_batch, int64_t batches) {
  const torch::NoGradGuard no_grad;
  const ModeGuard training(*network_, true);
  network_->average_statistics(true);
  for (int64_t i = 0; i < batches; ++i) network_->keypoints(next_batch(i));
  network_->average_statistics(false);
}

}  // namespace mint::perception
