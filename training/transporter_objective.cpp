#include "training/transporter_objective.h"

#include <stdexcept>
#include <string>

#include <torch/torch.h>

#include "envs/random.h"

namespace mint::training {

TransporterObjective::TransporterObjective(const PretrainConfig& config,
                                           const FrameDataset& dataset)
    : detector_(config.detectors.transporter, envs::derive_seed(config.seed, "detector")),
      pairs_(config.transporter_pairs),
      dataset_(dataset),
      seed_(config.seed) {
  if (!is_original()) return;
  if (pairs_.per_window % 2 != 0) {
    throw std::invalid_argument(
        "transporter_pairs: per_window: expected an even number with variant original, got " +
        std::to_string(pairs_.per_window));
  }
  if (pairs_.nearest > pairs_.farthest) {
    throw std::invalid_argument("transporter_pairs: nearest: expected at most farthest (" +
                                std::to_string(pairs_.farthest) + "), got " +
                                std::to_string(pairs_.nearest));
  }
}

int64_t TransporterObjective::window() const {
  return is_original() ? pairs_.farthest + 1 : pairs_.per_window;
}

std::vector<int64_t> TransporterObjective::drawn_frames(const std::vector<int64_t>& starts,
                                                        int64_t step) const {
  envs::Random random(envs::derive_seed(seed_, "pairs", static_cast<uint64_t>(step)));
  std::vector<int64_t> frames;
  for (const int64_t start : starts) {
    for (int64_t pair = 0; pair < pairs_.per_window / 2; ++pair) {
      const int64_t distance =
          pairs_.nearest + random.below(static_cast<int>(pairs_.farthest - pairs_.nearest + 1));
      const int64_t first = start + random.below(static_cast<int>(pairs_.farthest - distance + 1));
      frames.push_back(first);
      frames.push_back(first + distance);
    }
  }
  return frames;
}

perception::NamedLoss TransporterObjective::loss(const std::vector<int64_t>& starts, int64_t step) {
  const auto windows = static_cast<int64_t>(starts.size());
  if (!is_original()) {
    const auto frames = window_frames(starts, pairs_.per_window);
    return transporter_loss(detector_, dataset_.frames.index_select(0, frames),
                            perception::cyclic_pairs(windows, pairs_.per_window));
  }
  // The cyclic pairs of two frames are both directions.
  const auto frames = torch::tensor(drawn_frames(starts, step));
  return transporter_loss(detector_, dataset_.frames.index_select(0, frames),
                          perception::cyclic_pairs(frames.size(0) / 2, 2));
}

}  // namespace mint::training
