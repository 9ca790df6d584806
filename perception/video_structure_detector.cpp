#include "perception/video_structure_detector.h"

#include <sstream>
#include <stdexcept>

#include <torch/torch.h>

#include "perception/detector_input.h"
#include "perception/keypoint_grid.h"
#include "perception/module_mode.h"

namespace mint::perception {
namespace {

using torch::Tensor;

template <typename... Parts>
[[noreturn]] void video_structure_error(const Parts&... parts) {
  std::ostringstream message;
  (message << ... << parts);
  throw std::invalid_argument(message.str());
}

const VideoStructureConfig& checked(const VideoStructureConfig& config) {
  const char* const where = "VideoStructureDetector: config";
  const auto is_side = [](int64_t side) { return side >= 8 && side % 4 == 0; };
  if (config.keypoints < 1 || config.channels < 1 || config.height < 1 || config.width < 1) {
    video_structure_error(where, ": expected keypoints, channels and sides >= 1, got ",
                          config.keypoints, ", ", config.channels, ", ", config.height, "x",
                          config.width);
  }
  if (!is_side(config.input_height) || !is_side(config.input_width)) {
    video_structure_error(where, ": expected input sides >= 8, multiples of 4, got height ",
                          config.input_height, ", width ", config.input_width);
  }
  if (!(config.activity_threshold >= 0 && config.activity_threshold <= 1)) {
    video_structure_error(where, ".activity_threshold: expected 0 <= threshold <= 1, got ",
                          config.activity_threshold);
  }
  video_structure_weights(config.variant);
  return config;
}

bool is_original(const VideoStructureConfig& config) {
  return config.variant == "original";
}

Tensor kernel_penalty(const torch::nn::Module& module) {
  Tensor sum = torch::zeros({});
  for (const Tensor& parameter : module.parameters()) {
    if (parameter.dim() == 4) sum = sum + parameter.square().sum();
  }
  return sum;
}

}  // namespace

VideoStructureDetector::VideoStructureDetector(const VideoStructureConfig& config, uint64_t seed)
    : config_(checked(config)),
      network_(VideoStructureLayout{config.keypoints, config.channels, is_original(config)},
               at::detail::createCPUGenerator(seed)) {}

StructureKeypoints VideoStructureDetector::keypoints_of(const Tensor& heatmaps) const {
  const StructureGuards guards =
      is_original(config_) ? StructureGuards{1e-6, 0, 1e-6} : StructureGuards{};
  return structure_keypoints(heatmaps, guards, config_.self_normalised_intensity);
}

Keypoints VideoStructureDetector::detect(const Tensor& images) {
  require_images("VideoStructureDetector::detect: images", images, config_.height, config_.width);
  const torch::NoGradGuard no_grad;
  const ModeGuard evaluation(*network_, false);
  const int64_t n = images.size(0), K = config_.keypoints;
  const Tensor xy = torch::empty({n, K, 2}), active = torch::empty({n, K});
  for (int64_t i = 0; i < n; ++i) {
    const Tensor heatmaps = network_->heatmaps(
        centred_frames(images.slice(0, i, i + 1), config_.input_height, config_.input_width));
    const StructureKeypoints found = keypoints_of(heatmaps);
    xy[i].copy_(grid_to_image_fraction(found.xy[0], heatmaps.size(2), heatmaps.size(3)));
    active[i].copy_(found.intensity[0] >= config_.activity_threshold);
  }
  return {xy, active};
}

VideoStructureWeights video_structure_weights(const std::string& variant) {
  if (variant == "comparison") return {};
  if (variant == "original") return {10, 0.1, 1, 5, 1e-4, true};
  video_structure_error("VideoStructureDetector: config.variant: expected comparison or original, ",
                        "got \"", variant, "\"");
}

NamedLoss video_structure_loss(VideoStructureDetector& detector, const Tensor& windows) {
  const VideoStructureConfig& config = detector.config();
  if (windows.dim() != 5 || windows.size(0) < 1 || windows.size(1) < 2) {
    video_structure_error("video_structure_loss: windows: expected [B, T >= 2, 3, H, W], got ",
                          windows.sizes());
  }
  require_images("video_structure_loss: windows", windows.flatten(0, 1), config.height,
                 config.width);
  const VideoStructureWeights weights = video_structure_weights(config.variant);
  auto& network = detector.network();
  const Tensor all_frames =
      centred_frames(windows.flatten(0, 1), config.input_height, config.input_width);
  const Tensor frames = all_frames.unflatten(0, windows.sizes().slice(0, 2));
  const Tensor first_frames = frames.select(1, 0);

  const Tensor heatmaps = network.heatmaps(all_frames).unflatten(0, windows.sizes().slice(0, 2));
  const StructureKeypoints found = detector.keypoints_of(heatmaps);
  const Tensor maps = structure_maps(found, heatmaps.size(3), heatmaps.size(4));
  const int64_t start = weights.rebuilds_first_frame ? 0 : 1;
  const Tensor change =
      network.change(maps.slice(1, start), network.appearance(first_frames), maps.select(1, 0));

  const Tensor separation = separation_loss(found.xy, weights.separation_sigma);
  const Tensor reconstruction =
      structure_reconstruction_loss(change + first_frames.unsqueeze(1), frames.slice(1, start));
  const Tensor sparsity = sparsity_loss(heatmaps);
  Tensor total = separation * weights.separation + reconstruction * weights.reconstruction +
                 sparsity * weights.sparsity;
  NamedLoss loss;
  loss.terms = {{"separation", separation.item<double>()},
                {"reconstruction", reconstruction.item<double>()},
                {"sparsity", sparsity.item<double>()}};
  if (weights.kernel_penalty > 0) {
    const Tensor penalty = kernel_penalty(detector.module());
    total = total + penalty * weights.kernel_penalty;
    loss.terms.emplace_back("kernel_penalty", penalty.item<double>());
  }
  loss.total = total;
  loss.terms.emplace_back("total", total.item<double>());
  return loss;
}

}  // namespace mint::perception
