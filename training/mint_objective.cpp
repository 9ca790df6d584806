#include "training/mint_objective.h"

#include <algorithm>

#include <torch/torch.h>

#include "envs/random.h"
#include "perception/entropy.h"
#include "perception/mint_loss.h"
#include "training/interrupt.h"

namespace mint::training {

MintObjective::MintObjective(const PretrainConfig& config, const FrameDataset& dataset)
    : detector_(config.detectors.mint, envs::derive_seed(config.seed, "detector")),
      config_(config.mint_loss),
      entropy_config_{/*region=*/3, config.threads, perception::resolve_device(config.device)},
      dataset_(dataset) {}

void MintObjective::prepare(const std::function<void(int64_t)>& on_frame) {
  constexpr int64_t kChunk = 64;  // frames between two reports
  const auto grid = detector_.grid();
  entropy_ = torch::empty({dataset_.size(), grid.height, grid.width});
  for (int64_t first = 0; first < dataset_.size(); first += kChunk) {
    const int64_t last = std::min(first + kChunk, dataset_.size());
    entropy_.slice(0, first, last)
        .copy_(perception::entropy_images(dataset_.frames.slice(0, first, last), entropy_config_));
    on_frame(last);
    if (is_interrupted()) throw Interrupted();
  }
}

perception::NamedLoss MintObjective::loss(const std::vector<int64_t>& starts, int64_t /*step*/) {
  const auto frames = window_frames(starts, config_.frames);
  const auto output = detector_.train_forward(dataset_.frames.index_select(0, frames));
  const auto loss = perception::mint_loss(output.coords, output.status,
                                          entropy_.index_select(0, frames), config_);
  return {loss.total, perception::mean_terms(loss)};
}

void MintObjective::finish(const BatchOfWindows& batch, int64_t batches) {
  detector_.recalibrate(
      [&](int64_t i) {
        return dataset_.frames.index_select(0, window_frames(batch(i), config_.frames));
      },
      batches);
}

}  // namespace mint::training
