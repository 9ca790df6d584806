#include "training/mint_objective.h"

#include <algorithm>

#include <torch/torch.h>

#include "perception/entropy.h"

namespace mint::training {

MintObjective::MintObjective(perception::MintDetector& detector,
                             const perception::MintLossConfig& config, const FrameDataset& dataset,
                             const std::function<void(int64_t)>& on_frame)
    : detector_(detector), config_(config), dataset_(dataset) {
  constexpr int64_t kChunk = 64;  // frames between two reports
  const auto grid = detector.grid();
  entropy_ = torch::empty({dataset.size(), grid.height, grid.width});
  for (int64_t first = 0; first < dataset.size(); first += kChunk) {
    const int64_t last = std::min(first + kChunk, dataset.size());
    entropy_.slice(0, first, last)
        .copy_(perception::entropy_images(dataset.frames.slice(0, first, last)));
    on_frame(last);
  }
}

torch::Tensor MintObjective::frame_indices(const std::vector<int64_t>& starts) const {
  std::vector<int64_t> frames;
  for (const int64_t start : starts) {
    for (int64_t t = 0; t < config_.frames; ++t) frames.push_back(start + t);
  }
  return torch::tensor(frames);
}

perception::MintLoss MintObjective::loss(const std::vector<int64_t>& starts) {
  const auto frames = frame_indices(starts);
  const auto output = detector_.train_forward(dataset_.frames.index_select(0, frames));
  return perception::mint_loss(output.coords, output.status, entropy_.index_select(0, frames),
                               config_);
}

void MintObjective::finish(const std::function<std::vector<int64_t>(int64_t)>& batch,
                           int64_t batches) {
  detector_.recalibrate(
      [&](int64_t i) { return dataset_.frames.index_select(0, frame_indices(batch(i))); }, batches);
}

}  // namespace mint::training
