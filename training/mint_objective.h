// What MINT minimises, on a data set: entropy images computed once, then the loss of batches of
// windows (perception/mint_loss.h).
#pragma once

#include "perception/entropy.h"
#include "perception/mint_detector.h"
#include "training/objective.h"

namespace mint::training {

class MintObjective : public Objective {
 public:
  MintObjective(const PretrainConfig& config, const FrameDataset& dataset);

  perception::Detector& detector() override { return detector_; }
  int64_t window() const override { return config_.frames; }
  void prepare(const std::function<void(int64_t)>& on_frame) override;  // the entropy images
  perception::NamedLoss loss(const std::vector<int64_t>& starts, int64_t step) override;

  // Averages the batch-norm statistics over the batches (spec 7). Training does not read the
  // running ones, so that every checkpoint can have good ones.
  void finish(const BatchOfWindows& batch, int64_t batches) override;

 private:
  perception::MintDetector detector_;
  perception::MintLossConfig config_;
  perception::EntropyConfig entropy_config_;
  const FrameDataset& dataset_;
  torch::Tensor entropy_;  // [F, HH, WW]
};

}  // namespace mint::training
