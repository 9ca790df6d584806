// A detector without a network: the same keypoints in every image.
#pragma once

#include <torch/torch.h>

#include "perception/detector.h"

namespace mint::tests {

class FakeDetector : public perception::Detector {
 public:
  // xy [K, 2], active [K].
  FakeDetector(torch::Tensor xy, torch::Tensor active) : xy_(xy), active_(active) {
    module_.register_buffer("xy", xy_);
  }

  perception::Keypoints detect(const torch::Tensor& images) override {
    images_seen += images.size(0);
    return {xy_.unsqueeze(0).repeat({images.size(0), 1, 1}),
            active_.unsqueeze(0).repeat({images.size(0), 1})};
  }
  int64_t keypoints() const override { return active_.size(0); }
  int64_t height() const override { return 96; }  // takes any
  int64_t width() const override { return 96; }
  std::string name() const override { return "fake"; }
  torch::nn::Module& module() override { return module_; }

  int64_t images_seen = 0;

 private:
  torch::Tensor xy_, active_;
  torch::nn::Module module_;
};

}  // namespace mint::tests
