#include "training/objective.h"

#include <stdexcept>
#include <utility>

#include <torch/torch.h>

#include "training/mint_objective.h"
#include "training/transporter_objective.h"
#include "training/video_structure_objective.h"

namespace mint::training {
namespace {

using Maker = std::unique_ptr<Objective> (*)(const PretrainConfig&, const FrameDataset&);

template <class T>
std::unique_ptr<Objective> make(const PretrainConfig& config, const FrameDataset& dataset) {
  return std::make_unique<T>(config, dataset);
}

const std::vector<std::pair<std::string, Maker>>& makers() {
  static const std::vector<std::pair<std::string, Maker>> table = {
      {"mint", make<MintObjective>},
      {"transporter", make<TransporterObjective>},
      {"video_structure", make<VideoStructureObjective>},
  };
  return table;
}

}  // namespace

std::unique_ptr<Objective> make_objective(const PretrainConfig& config,
                                          const FrameDataset& dataset) {
  for (const auto& [name, make] : makers()) {
    if (name == config.detector) return make(config, dataset);
  }
  throw std::invalid_argument("make_objective: detector: expected one that can be trained, got \"" +
                              config.detector + "\"");
}

torch::Tensor window_frames(const std::vector<int64_t>& starts, int64_t length) {
  std::vector<int64_t> frames;
  for (const int64_t start : starts) {
    for (int64_t t = 0; t < length; ++t) frames.push_back(start + t);
  }
  return torch::tensor(frames);
}

}  // namespace mint::training
