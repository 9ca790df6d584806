// Video Structure (Minderer et al. 2019), a baseline of the paper: keypoints are the bottleneck of
// an auto-encoder that rebuilds the frames of a window from the first one's appearance (spec
// keypoint_baselines 3). The original's recurrent prediction of keypoints (VRNN) is left out, as in
// the paper's comparison.
#pragma once

#include <string>
#include <vector>

#include "perception/detector.h"
#include "perception/named_loss.h"
#include "perception/video_structure_maps.h"
#include "perception/video_structure_network.h"

namespace mint::perception {

struct VideoStructureConfig {
  int64_t keypoints = 25;  // K
  int64_t height = 96;     // of the images, pixels
  int64_t width = 96;
  int64_t input_height = 64;  // that images are resized to for the networks; multiples of 4
  int64_t input_width = 64;
  int64_t channels = 32;            // of the first scale; the others have 2 and 4 times as many
  double activity_threshold = 0.9;  // a keypoint of at least this intensity is active
  // true: the intensity as the program of the paper's comparison computes it, which calls all
  // keypoints active (perception/video_structure_maps.h).
  bool self_normalised_intensity = false;
  // "comparison": what the paper compared with. "original": networks, constants and loss weights of
  // the original (spec 3.6), without the VRNN.
  std::string variant = "comparison";
};

class VideoStructureDetector : public Detector {
 public:
  // Fresh weights drawn from `seed`. Throws std::invalid_argument for settings.
  VideoStructureDetector(const VideoStructureConfig& config, uint64_t seed);

  // Images go through the network one by one, so a result is the same bits in any batch.
  Keypoints detect(const torch::Tensor& images) override;
  int64_t keypoints() const override { return config_.keypoints; }
  int64_t height() const override { return config_.height; }
  int64_t width() const override { return config_.width; }
  std::string name() const override { return "video_structure"; }
  torch::nn::Module& module() override { return *network_; }

  // Of heatmaps [.., K, h, w], with the constants and the intensity of the configuration. y points
  // down in both variants: it makes no difference to maps and losses that the original's points up.
  StructureKeypoints keypoints_of(const torch::Tensor& heatmaps) const;

  VideoStructureNetworkImpl& network() { return *network_; }
  const VideoStructureConfig& config() const { return config_; }

 private:
  VideoStructureConfig config_;
  VideoStructureNetwork network_;
};

// Weights of the loss; the defaults are the comparison's.
struct VideoStructureWeights {
  double separation = 0.02;
  double separation_sigma = 0.002;  // in keypoint coordinates
  double reconstruction = 0.01;
  double sparsity = 0.1;
  double kernel_penalty = 0;          // of the sum of the squared convolution kernels
  bool rebuilds_first_frame = false;  // else the reconstruction starts with the second
};

VideoStructureWeights video_structure_weights(const std::string& variant);

// windows uint8 [B, T, 3, H, W], T >= 2 frames in order; call module().train() before. Terms:
// separation, reconstruction, sparsity (unweighted), kernel_penalty (the original's only), total.
// Training clips the gradients of network().detector_parameters() and reconstruction_parameters()
// apart. Throws std::invalid_argument for another dtype, shape or image size.
NamedLoss video_structure_loss(VideoStructureDetector& detector, const torch::Tensor& windows);

}  // namespace mint::perception
