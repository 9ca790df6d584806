#include "perception/transporter_detector.h"

#include <sstream>
#include <stdexcept>

#include <torch/torch.h>

#include "perception/detector_input.h"
#include "perception/keypoint_grid.h"
#include "perception/module_mode.h"
#include "perception/transporter_maps.h"

namespace mint::perception {
namespace {

using torch::Tensor;

constexpr double kLossWeight = 10;

template <typename... Parts>
[[noreturn]] void transporter_error(const Parts&... parts) {
  std::ostringstream message;
  (message << ... << parts);
  throw std::invalid_argument(message.str());
}

const TransporterConfig& checked(const TransporterConfig& config) {
  const auto is_side = [](int64_t side) { return side >= 8 && side % 4 == 0; };
  if (config.keypoints < 1 || config.channels < 1 || config.height < 1 || config.width < 1) {
    transporter_error("TransporterDetector: config: expected keypoints, channels and sides >= 1, ",
                      "got ", config.keypoints, ", ", config.channels, ", ", config.height, "x",
                      config.width);
  }
  if (!is_side(config.input_height) || !is_side(config.input_width)) {
    transporter_error("TransporterDetector: config: expected input sides >= 8, multiples of 4, ",
                      "got height ", config.input_height, ", width ", config.input_width);
  }
  if (!(config.inverse_std > 0)) {
    transporter_error("TransporterDetector: config.inverse_std: expected a positive number, got ",
                      config.inverse_std);
  }
  if (config.variant != "comparison" && config.variant != "original") {
    transporter_error("TransporterDetector: config.variant: expected comparison or original, got ",
                      "\"", config.variant, "\"");
  }
  return config;
}

}  // namespace

TransporterDetector::TransporterDetector(const TransporterConfig& config, uint64_t seed)
    : config_(checked(config)),
      network_(config.keypoints, config.channels, at::detail::createCPUGenerator(seed)) {}

Keypoints TransporterDetector::detect(const Tensor& images) {
  require_images("TransporterDetector::detect: images", images, config_.height, config_.width);
  const torch::NoGradGuard no_grad;
  const ModeGuard evaluation(*network_, false);
  const int64_t n = images.size(0), K = config_.keypoints;
  const Tensor xy = torch::empty({n, K, 2});
  for (int64_t i = 0; i < n; ++i) {
    const Tensor frame =
        centred_frames(images.slice(0, i, i + 1), config_.input_height, config_.input_width);
    const Tensor scores = network_->scores(frame);
    xy[i].copy_(
        grid_to_image_fraction(transporter_keypoints(scores)[0], scores.size(2), scores.size(3)));
  }
  return {xy, torch::ones({n, K})};
}

FramePairs cyclic_pairs(int64_t windows, int64_t frames) {
  const Tensor source = torch::arange(windows * frames);
  return {source, source.view({windows, frames}).roll(1, 1).flatten()};
}

NamedLoss transporter_loss(TransporterDetector& detector, const Tensor& images,
                           const FramePairs& pairs) {
  const TransporterConfig& config = detector.config();
  require_images("transporter_loss: frames", images, config.height, config.width);
  if (pairs.source.dim() != 1 || pairs.source.numel() < 1 ||
      pairs.source.sizes() != pairs.target.sizes()) {
    transporter_error(
        "transporter_loss: pairs: expected as many targets as sources, at least one, ", "got ",
        pairs.source.sizes(), " and ", pairs.target.sizes());
  }
  const bool is_original = config.variant == "original";
  auto& network = detector.network();
  const Tensor frames = centred_frames(images, config.input_height, config.input_width);
  const Tensor features = network.features(frames);
  const Tensor heatmaps =
      transporter_heatmaps(transporter_keypoints(network.scores(frames)), features.size(2),
                           features.size(3), config.inverse_std);
  Tensor source_features = features.index_select(0, pairs.source);
  Tensor source_heatmaps = heatmaps.index_select(0, pairs.source);
  if (is_original) {
    source_features = source_features.detach();
    source_heatmaps = source_heatmaps.detach();
  }
  const Tensor mixed = transport(source_features, features.index_select(0, pairs.target),
                                 source_heatmaps, heatmaps.index_select(0, pairs.target),
                                 is_original ? Transport::kSequential : Transport::kSummed);
  const Tensor error =
      torch::mse_loss(network.reconstruction(mixed), frames.index_select(0, pairs.target));
  const Tensor total = error * kLossWeight;
  return {total, {{"reconstruction", error.item<double>()}, {"total", total.item<double>()}}};
}

NamedLoss transporter_loss(TransporterDetector& detector, const Tensor& source,
                           const Tensor& target) {
  const TransporterConfig& config = detector.config();
  require_images("transporter_loss: source", source, config.height, config.width);
  require_images("transporter_loss: target", target, config.height, config.width);
  const Tensor first = torch::arange(source.size(0));
  return transporter_loss(detector, torch::cat({source, target}),
                          {first, torch::arange(target.size(0)) + source.size(0)});
}

}  // namespace mint::perception
