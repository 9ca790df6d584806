// What Transporter minimises, on a data set (perception/transporter_detector.h).
//
// Comparison: the cyclic pairs of a window of neighbouring frames. Original: pairs of frames that
// are 5 to 20 apart in the same video, drawn anew for every batch, each in both directions.
#pragma once

#include "perception/transporter_detector.h"
#include "training/objective.h"

namespace mint::training {

class TransporterObjective : public Objective {
 public:
  // Throws std::invalid_argument when the original's pairs of a window are not an even number, or
  // its distances are no range.
  TransporterObjective(const PretrainConfig& config, const FrameDataset& dataset);

  perception::Detector& detector() override { return detector_; }
  int64_t window() const override;
  perception::NamedLoss loss(const std::vector<int64_t>& starts, int64_t step) override;

 private:
  bool is_original() const { return detector_.config().variant == "original"; }
  // Pair after pair.
  std::vector<int64_t> drawn_frames(const std::vector<int64_t>& starts, int64_t step) const;

  perception::TransporterDetector detector_;
  TransporterPairs pairs_;
  const FrameDataset& dataset_;
  uint64_t seed_;
};

}  // namespace mint::training
