#include "dynamics/interaction_network.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "dynamics/messages.h"

namespace mint::dynamics {
namespace {

using torch::Tensor;

void require_at_least(const char* name, int64_t value, int64_t least) {
  if (value >= least) return;
  throw std::invalid_argument("InteractionNetwork: " + std::string(name) + ": expected >= " +
                              std::to_string(least) + ", got " + std::to_string(value));
}

torch::nn::ModuleList layers(int64_t inputs, int64_t hidden, int64_t outputs, int64_t count) {
  torch::nn::ModuleList list;
  for (int64_t i = 0; i < count; ++i) {
    list->push_back(torch::nn::Linear(i == 0 ? inputs : hidden, i + 1 == count ? outputs : hidden));
  }
  return list;
}

// All layers in turn with ReLU between them, and after the last if `final_relu`.
Tensor run(const torch::nn::ModuleList& list, Tensor rows, bool final_relu) {
  for (size_t i = 0; i < list->size(); ++i) {
    rows = list->ptr<torch::nn::LinearImpl>(i)->forward(rows);
    if (final_relu || i + 1 < list->size()) rows = torch::relu(rows);
  }
  return rows;
}

}  // namespace

InteractionNetworkImpl::InteractionNetworkImpl(const InteractionNetworkConfig& config)
    : config_(config) {
  require_at_least("node_inputs", config.node_inputs, 1);
  require_at_least("latent", config.latent, 1);
  require_at_least("hidden", config.hidden, 1);
  require_at_least("effect", config.effect, 1);
  require_at_least("relation_layers", config.relation_layers, 2);
  require_at_least("object_layers", config.object_layers, 2);
  const int64_t latent = config.latent;
  const int64_t pair = 2 * latent + (config.zero_edge_feature ? 1 : 0);
  const int64_t both = latent + config.effect;
  encoder_ = register_module("encoder", layers(config.node_inputs, latent, latent, 2));
  relation_ = register_module("relation",
                              layers(pair, config.hidden, config.effect, config.relation_layers));
  object_ = register_module("object", layers(both, config.hidden, both, config.object_layers));
  projection_ = register_module("projection", torch::nn::Linear(both, latent));
}

Tensor InteractionNetworkImpl::forward(const Tensor& nodes, const Tensor& senders) {
  const Tensor embedding = encode(nodes);
  return project(update(embedding, aggregate(embedding, senders)));
}

Tensor InteractionNetworkImpl::encode(const Tensor& nodes) {
  return run(encoder_, nodes, /*final_relu=*/false);
}

Tensor InteractionNetworkImpl::aggregate(const Tensor& embedding, const Tensor& senders) {
  const int64_t latent = config_.latent;
  const auto first = relation_->ptr<torch::nn::LinearImpl>(0);
  const Tensor sender_part = torch::linear(embedding, first->weight.narrow(1, 0, latent));
  const Tensor receiver_part =
      torch::linear(embedding, first->weight.narrow(1, latent, latent), first->bias);

  const Tensor sends =
      senders.defined() ? senders.ne(0).to(embedding.scalar_type())
                        : torch::ones({embedding.size(0), embedding.size(1)}, embedding.options());
  const Tensor heard = sends.sum(1, /*keepdim=*/true) - sends;  // messages that arrive, [G, K]
  const bool mean = config_.aggregation == Aggregation::kMean;
  const Tensor scale = mean ? heard.clamp_min(1).reciprocal() : torch::ones_like(heard);

  // A linear last layer commutes with the sum, its bias counted as often as messages arrive.
  const size_t in_loop = relation_->size() - (config_.message_relu ? 0 : 1);
  std::vector<Tensor> inner;
  for (size_t i = 1; i < in_loop; ++i) {
    const auto layer = relation_->ptr<torch::nn::LinearImpl>(i);
    inner.insert(inner.end(), {layer->weight, layer->bias});
  }
  const Tensor sums = sum_messages(receiver_part, sender_part, sends, scale, inner);
  if (config_.message_relu) return sums;
  const auto last = relation_->ptr<torch::nn::LinearImpl>(relation_->size() - 1);
  return torch::linear(sums, last->weight) + (heard * scale).unsqueeze(2) * last->bias;
}

Tensor InteractionNetworkImpl::update(const Tensor& embedding, const Tensor& aggregated) {
  return run(object_, torch::cat({embedding, aggregated}, 2), /*final_relu=*/true);
}

Tensor InteractionNetworkImpl::project(const Tensor& updated) {
  return projection_->forward(updated);
}

}  // namespace mint::dynamics
