// Transporter (Kulkarni et al. 2019), a baseline of the paper: keypoints are where features must be
// copied from a target frame to turn a source frame into it (spec keypoint_baselines 2). All
// keypoints are always active.
#pragma once

#include <string>

#include "perception/detector.h"
#include "perception/named_loss.h"
#include "perception/transporter_network.h"

namespace mint::perception {

struct TransporterConfig {
  int64_t keypoints = 25;  // K
  int64_t height = 96;     // of the images, pixels
  int64_t width = 96;
  int64_t input_height = 128;  // that images are resized to for the networks; multiples of 4
  int64_t input_width = 128;
  int64_t channels = 25;    // of the first layer; the others have 1, 2 and 4 times as many
  double inverse_std = 10;  // of the Gaussians, 1 / half sides of the image
  // "comparison": what the paper compared with, summed heatmaps and no gradient stop. "original":
  // keypoint-by-keypoint transport, no gradient into the source branch; the networks are the same.
  std::string variant = "comparison";
};

class TransporterDetector : public Detector {
 public:
  // Fresh weights drawn from `seed`. Throws std::invalid_argument for settings.
  TransporterDetector(const TransporterConfig& config, uint64_t seed);

  // Images go through the network one by one, so a result is the same bits in any batch.
  Keypoints detect(const torch::Tensor& images) override;
  int64_t keypoints() const override { return config_.keypoints; }
  int64_t height() const override { return config_.height; }
  int64_t width() const override { return config_.width; }
  std::string name() const override { return "transporter"; }
  torch::nn::Module& module() override { return *network_; }

  TransporterNetworkImpl& network() { return *network_; }
  const TransporterConfig& config() const { return config_; }

 private:
  TransporterConfig config_;
  TransporterNetwork network_;
};

// Which frames of a batch are turned into which; indices into the batch.
struct FramePairs {
  torch::Tensor source, target;  // int64 [P]
};

// The comparison's pairs in `windows` windows of `frames` consecutive frames each: frame t is the
// source of its predecessor, the first frame that of the last one.
FramePairs cyclic_pairs(int64_t windows, int64_t frames);

// 10 times the mean squared error of the reconstructed targets. Terms: reconstruction (unweighted),
// total. frames uint8 [N, 3, H, W]; call module().train() before.
//
// Every frame passes the encoders once, however many pairs it is in. That equals a batch of the
// sources followed by the targets, normalisation included, where each frame is as often in the one
// as in the other: for cyclic pairs, or when each pair occurs in both directions. Only the running
// variance differs, by the factor (n - 1/2) / (n - 1) for n values in a channel.
// Throws std::invalid_argument for another dtype, shape or image size.
NamedLoss transporter_loss(TransporterDetector& detector, const torch::Tensor& frames,
                           const FramePairs& pairs);

// Of P pairs given as images, both uint8 [P, 3, H, W], in one batch.
NamedLoss transporter_loss(TransporterDetector& detector, const torch::Tensor& source,
                           const torch::Tensor& target);

}  // namespace mint::perception
