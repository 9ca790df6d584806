// The MINT keypoint detector (spec 3, 4, 8): hourglass network plus soft-argmax. Training code
// calls train_forward and mint_loss; everybody else calls detect.
#pragma once

#include <functional>

#include "perception/detector.h"
#include "perception/hourglass.h"

namespace mint::perception {

struct MintConfig {
  int64_t keypoints = 25;   // K
  int64_t height = 96;      // of the images, pixels
  int64_t width = 96;       // below 100 the network's strides differ (spec 3.2)
  double train_gamma = 10;  // activation threshold of the status in training
  // Slope of the sigmoid whose derivative the status has. 1000, as in the paper, is practically no
  // gradient: a keypoint that covers nothing stays active. With about 0.3 the status and overlap
  // terms reach the activation, and surplus keypoints are switched off. The status itself is the
  // paper's for every slope.
  double status_gradient_slope = 1000;
  // The same in detect(). 15 suits the published weights, whose inactive keypoints are far off
  // (spec 4.3). Of a detector that was trained with 10 and recalibrated, statuses flicker at 15,
  // and policies on them score far less than at 10.
  double detect_gamma = 10;
};

class MintDetector : public Detector {
 public:
  // Fresh weights drawn from `seed`; load others through module().
  MintDetector(const MintConfig& config, uint64_t seed);

  // Images go through the network one by one, so a result is the same bits in any batch.
  Keypoints detect(const torch::Tensor& images) override;
  int64_t keypoints() const override { return config_.keypoints; }
  int64_t height() const override { return config_.height; }
  int64_t width() const override { return config_.width; }
  std::string name() const override { return "mint"; }
  torch::nn::Module& module() override { return *network_; }

  struct Output {
    torch::Tensor coords;      // [N, K, 2], as Keypoints::xy
    torch::Tensor activation;  // [N, K], maximum of the feature map, >= 0
    torch::Tensor status;      // [N, K], sigmoid(1000 (activation - train_gamma))
  };

  // images: uint8 [N, 3, H, W] or the dtype of the weights with values 0..255. With gradient, in
  // the mode that the module is in: call module().train() before training, detect() leaves it as it
  // was.
  Output train_forward(const torch::Tensor& images);

  // Recomputes the running statistics of all normalisations as the plain average over `batches`
  // batches of training images, without changing weights; do it once after training (spec 7).
  // next_batch(i) gives the images of batch i. 25 batches are enough.
  void recalibrate(const std::function<torch::Tensor(int64_t)>& next_batch, int64_t batches = 25);

  const MintConfig& config() const { return config_; }
  HeatmapGrid grid() const { return network_->grid(); }

 private:
  MintConfig config_;
  Hourglass network_;
};

}  // namespace mint::perception
