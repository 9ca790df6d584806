// The interaction network written edge by edge, as the paper has it: the oracle of the fast form.
#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "dynamics/interaction_network.h"

namespace mint::tests {

struct PlainOutputs {
  torch::Tensor edge_effects;  // [G, K (K - 1), effect], receiver-major, senders ascending
  torch::Tensor aggregated;    // [G, K, effect]
};

// The relation model on every pair of `embedding` [G, K, L], aggregated over `senders` [G, K].
inline PlainOutputs plain_relation(dynamics::InteractionNetwork& network,
                                   const torch::Tensor& embedding, const torch::Tensor& senders) {
  const auto& config = network->config();
  const auto weights = network->named_parameters();
  const int64_t graphs = embedding.size(0), keypoints = embedding.size(1);
  std::vector<torch::Tensor> all_effects, all_sums;
  for (int64_t g = 0; g < graphs; ++g) {
    for (int64_t receiver = 0; receiver < keypoints; ++receiver) {
      torch::Tensor sum = torch::zeros({config.effect}, embedding.options());
      int64_t heard = 0;
      for (int64_t sender = 0; sender < keypoints; ++sender) {
        if (sender == receiver) continue;
        std::vector<torch::Tensor> ends = {embedding[g][sender], embedding[g][receiver]};
        if (config.zero_edge_feature) ends.push_back(torch::zeros({1}, embedding.options()));
        torch::Tensor effect = torch::cat(ends);
        for (int64_t i = 0; i < config.relation_layers; ++i) {
          const std::string layer = "relation." + std::to_string(i);
          effect = torch::mv(weights[layer + ".weight"], effect) + weights[layer + ".bias"];
          if (config.message_relu || i + 1 < config.relation_layers) effect = torch::relu(effect);
        }
        all_effects.push_back(effect);
        if (senders[g][sender].item<double>() == 0) continue;
        sum = sum + effect;
        ++heard;
      }
      const bool mean = config.aggregation == dynamics::Aggregation::kMean;
      all_sums.push_back(mean && heard > 0 ? sum / heard : sum);
    }
  }
  return {torch::stack(all_effects).view({graphs, keypoints * (keypoints - 1), config.effect}),
          torch::stack(all_sums).view({graphs, keypoints, config.effect})};
}

}  // namespace mint::tests
