#include "training/video_structure_objective.h"

#include <torch/torch.h>

#include "envs/random.h"

namespace mint::training {

VideoStructureObjective::VideoStructureObjective(const PretrainConfig& config,
                                                 const FrameDataset& dataset)
    : detector_(config.detectors.video_structure, envs::derive_seed(config.seed, "detector")),
      frames_(config.video_structure_frames),
      dataset_(dataset) {}

perception::NamedLoss VideoStructureObjective::loss(const std::vector<int64_t>& starts,
                                                    int64_t /*step*/) {
  const auto windows = dataset_.frames.index_select(0, window_frames(starts, frames_));
  return video_structure_loss(detector_,
                              windows.unflatten(0, {static_cast<int64_t>(starts.size()), frames_}));
}

std::vector<std::vector<torch::Tensor>> VideoStructureObjective::parameter_groups() {
  const auto& network = detector_.network();
  if (detector_.config().variant == "original") {  // clips every tensor on its own
    std::vector<std::vector<torch::Tensor>> tensors;
    for (const auto& parameter : module().parameters()) tensors.push_back({parameter});
    return tensors;
  }
  return {network.detector_parameters(), network.reconstruction_parameters()};
}

}  // namespace mint::training
