// What MINT minimises, on a data set: entropy images computed once, then the loss of batches of
// windows. The part of `mint pretrain` that knows which detector it trains.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <torch/types.h>

#include "perception/mint_detector.h"
#include "perception/mint_loss.h"
#include "training/frame_dataset.h"

namespace mint::training {

class MintObjective {
 public:
  // Borrows both; computes the entropy image of every frame and calls `on_frame` with how many are
  // done. Throws std::invalid_argument when the frames are not of the detector's size.
  MintObjective(perception::MintDetector& detector, const perception::MintLossConfig& config,
                const FrameDataset& dataset, const std::function<void(int64_t)>& on_frame);

  // Of the windows that start at these frames. Gradients reach the detector's weights.
  perception::MintLoss loss(const std::vector<int64_t>& starts);

  // Averages the batch-norm statistics over batches of windows; once, after training.
  void finish(const std::function<std::vector<int64_t>(int64_t)>& batch, int64_t batches);

 private:
  torch::Tensor frame_indices(const std::vector<int64_t>& starts) const;  // [S * SF]

  perception::MintDetector& detector_;
  perception::MintLossConfig config_;
  const FrameDataset& dataset_;
  torch::Tensor entropy_;  // [F, HH, WW]
};

}  // namespace mint::training
