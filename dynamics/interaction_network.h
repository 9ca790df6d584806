// Interaction network on keypoints (Battaglia et al. 2016; the paper's Sec. 3 and Appendix H).
//
// Keypoints are the nodes of a complete directed graph without self edges. Every node is encoded,
// every edge computes a message from its two ends, every node sums or averages the messages that it
// receives and is updated with them:
//
//   e_k = encoder(x_k)                                   x_k [F], e_k [L]
//   a_k = sum or mean over s != k of relation(e_s, e_k)  a_k [effect]
//   q_k = projection(object(e_k, a_k))                   q_k [L]
//
// Policies (agents/) and the keypoint predictor read q. The first and, where exact, the last layer
// of the relation model are taken out of the loop over edges (dynamics/messages.h); the numbers are
// those of the plain form up to rounding.
#pragma once

#include <cstdint>

#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace mint::dynamics {

enum class Aggregation { kSum, kMean };

// The defaults are the paper's policy.
struct InteractionNetworkConfig {
  int64_t node_inputs = 4;      // F
  int64_t latent = 32;          // L
  int64_t hidden = 100;         // width of the inner layers of relation and object model
  int64_t effect = 100;         // width of a message
  int64_t relation_layers = 4;  // at least 2
  int64_t object_layers = 4;    // at least 2
  Aggregation aggregation = Aggregation::kSum;

  // The paper has a ReLU after every layer of the relation model. Without the last one, the last
  // layer is applied once per receiver instead of once per edge.
  bool message_relu = true;
  // The paper's code gives each edge a feature that is always 0. It has weights, which count as
  // parameters and never matter.
  bool zero_edge_feature = true;
};

class InteractionNetworkImpl : public torch::nn::Module {
 public:
  // Throws std::invalid_argument for a size below 1 and fewer than 2 layers. Weights are drawn from
  // the global generator; dynamics::initialise draws them from a given one.
  explicit InteractionNetworkImpl(const InteractionNetworkConfig& config);

  // nodes [G, K, F] of G graphs -> q [G, K, L]. A keypoint whose entry in `senders` [G, K] is 0
  // sends no message but still receives; undefined means that all send. A keypoint that hears
  // nobody gets a = 0. No result depends on the other graphs of the batch.
  torch::Tensor forward(const torch::Tensor& nodes, const torch::Tensor& senders = {});

  // The steps of forward.
  torch::Tensor encode(const torch::Tensor& nodes);  // -> e [G, K, L]
  torch::Tensor aggregate(const torch::Tensor& embedding,
                          const torch::Tensor& senders);  // -> a [G, K, effect]
  torch::Tensor update(const torch::Tensor& embedding,
                       const torch::Tensor& aggregated);  // -> object model [G, K, L + effect]
  torch::Tensor project(const torch::Tensor& updated);    // -> q [G, K, L]

  const InteractionNetworkConfig& config() const { return config_; }

 private:
  InteractionNetworkConfig config_;
  torch::nn::ModuleList encoder_;          // F -> L -> L, ReLU between
  torch::nn::ModuleList relation_;         // [e_sender, e_receiver, (0)] -> hidden ... -> effect
  torch::nn::ModuleList object_;           // [e, a] -> hidden ... -> L + effect
  torch::nn::Linear projection_{nullptr};  // L + effect -> L
};
TORCH_MODULE(InteractionNetwork);

}  // namespace mint::dynamics
