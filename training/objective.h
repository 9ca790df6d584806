// What `mint pretrain` minimises: the contract between the training loop and the detectors. One
// implementation per detector (training/mint_objective.h …), one line in training/objective.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <torch/types.h>

#include "perception/detector.h"
#include "perception/named_loss.h"
#include "training/frame_dataset.h"
#include "training/pretrain_config.h"

namespace mint::training {

// Gives the window starts of batch i.
using BatchOfWindows = std::function<std::vector<int64_t>(int64_t i)>;

class Objective {
 public:
  virtual ~Objective() = default;

  // The detector that is trained; owned by the objective.
  virtual perception::Detector& detector() = 0;

  // All that is trained and saved: the detector's module, or one that holds it.
  virtual torch::nn::Module& module() { return detector().module(); }

  // Parameters in groups whose gradients are clipped apart, each to `gradient_clip`.
  virtual std::vector<std::vector<torch::Tensor>> parameter_groups() {
    return {module().parameters()};
  }

  // T, consecutive frames of a window.
  virtual int64_t window() const = 0;

  // Once before the first loss(): whatever every frame needs, with how many frames are done.
  virtual void prepare(const std::function<void(int64_t)>& /*on_frame*/) {}

  // Of the windows that start at these frames of the data set; gradients reach the parameters.
  // `terms` are means over the batch, the first of them is shown beside the progress bar. What is
  // drawn at random depends on the step (1, 2, ...) alone, so that a resumed training draws it
  // again.
  virtual perception::NamedLoss loss(const std::vector<int64_t>& starts, int64_t step) = 0;

  // Before a checkpoint is saved, with batches of training windows to look at; weights stay.
  virtual void finish(const BatchOfWindows& /*batch*/, int64_t /*batches*/) {}

 protected:
  Objective() = default;
};

// The objective of config.detector on `dataset`, which it borrows; fresh weights from config.seed.
std::unique_ptr<Objective> make_objective(const PretrainConfig& config,
                                          const FrameDataset& dataset);

// Frame indices [starts * length] of windows of `length` frames, in order.
torch::Tensor window_frames(const std::vector<int64_t>& starts, int64_t length);

}  // namespace mint::training
