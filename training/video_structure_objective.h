// What Video Structure minimises, on windows of a data set (perception/video_structure_detector.h).
#pragma once

#include "perception/video_structure_detector.h"
#include "training/objective.h"

namespace mint::training {

class VideoStructureObjective : public Objective {
 public:
  VideoStructureObjective(const PretrainConfig& config, const FrameDataset& dataset);

  perception::Detector& detector() override { return detector_; }
  int64_t window() const override { return frames_; }
  perception::NamedLoss loss(const std::vector<int64_t>& starts, int64_t step) override;

  // The detector, and the reconstruction network.
  std::vector<std::vector<torch::Tensor>> parameter_groups() override;

 private:
  perception::VideoStructureDetector detector_;
  int64_t frames_;  // T
  const FrameDataset& dataset_;
};

}  // namespace mint::training
