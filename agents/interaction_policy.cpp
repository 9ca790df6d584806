#include "agents/interaction_policy.h"

#include <algorithm>

#include <torch/torch.h>

#include "agents/keypoint_inputs.h"
#include "agents/row_by_row.h"
#include "dynamics/initialise.h"
#include "dynamics/keypoint_states.h"

namespace mint::agents {
namespace {

using torch::Tensor;

// The mean over the decisions of a weighted cross-entropy; `weight` may be undefined.
Tensor weighted_cross_entropy(const Tensor& logits, const Tensor& action, const Tensor& weight) {
  if (!weight.defined()) return torch::nn::functional::cross_entropy(logits, action);
  const auto options = torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kNone);
  const Tensor each = torch::nn::functional::cross_entropy(logits, action, options);
  return (each * weight).sum() / weight.sum();
}

Tensor masked_mean(const Tensor& rows, const Tensor& active) {  // [G, K, L], [G, K] -> [G, L]
  return (rows * active.unsqueeze(2)).sum(1) / active.sum(1, /*keepdim=*/true).clamp_min(1);
}

}  // namespace

InteractionPolicy::InteractionPolicy(const InteractionPolicyConfig& config, uint64_t seed)
    : config_(config),
      is_joint_(config.graph == "joint_graph"),
      is_flat_(config.head == "flat"),
      noise_(seed, register_buffer("augmentations", torch::zeros({}, torch::kInt64))) {
  validate(config);
  const int64_t code = std::max<int64_t>(config.index_embedding, 1);
  const int64_t frames = is_joint_ ? config.history : 1;  // per node

  dynamics::InteractionNetworkConfig network;
  network.node_inputs = code + dynamics::keypoint_state_width(frames);
  network.latent = config.latent;
  network.hidden = config.hidden;
  network.effect = config.effect;
  network.relation_layers = config.relation_layers;
  network.object_layers = config.object_layers;
  network.aggregation =
      config.aggregation == "sum" ? dynamics::Aggregation::kSum : dynamics::Aggregation::kMean;
  network.message_relu = !is_joint_;
  network.zero_edge_feature = !is_joint_;
  const dynamics::KeypointDecoderConfig decoder{config.latent, /*horizons=*/1,
                                                /*displacement=*/is_joint_};
  const int64_t readout =
      config.latent * (is_flat_ ? config.keypoints : 1) * (is_joint_ ? 1 : config.history);

  network_ = register_module("network", dynamics::InteractionNetwork(network));
  decoder_ = register_module("decoder", dynamics::KeypointDecoder(decoder));
  action_hidden_ = register_module("action_hidden", torch::nn::Linear(readout, config.head_hidden));
  action_output_ =
      register_module("action_output", torch::nn::Linear(config.head_hidden, config.actions));

  at::Generator generator = at::detail::createCPUGenerator(seed);
  dynamics::initialise(*this, generator);
  if (config.index_embedding > 0) {
    torch::NoGradGuard no_grad;
    index_code_ = register_parameter("index_code", torch::empty({config.keypoints, code}));
    index_code_.normal_(0, 1, generator);
  } else {
    index_code_ =
        register_buffer("index_code", torch::linspace(-1, 1, config.keypoints).unsqueeze(1));
  }
}

Tensor InteractionPolicy::logits(const Observation& observation) {
  check_window("InteractionPolicy.logits", observation, config_.history, config_.keypoints);
  const auto decide = [this](const Observation& alone) { return forward(alone).logits; };
  return row_by_row(observation, decide).unsqueeze(1);
}

Losses InteractionPolicy::losses(const Sample& given) {
  check_window("InteractionPolicy.losses", given.observation, config_.history, config_.keypoints);
  check_targets("InteractionPolicy.losses", given, /*chunk=*/1, config_.keypoints);

  const Sample sample = with_swapped_pairs(given, is_training() ? config_.pair_swap : 0, noise_);
  const Outputs outputs = forward(is_training() ? augment(sample.observation) : sample.observation);
  Losses losses;
  losses["action"] =
      weighted_cross_entropy(outputs.logits, sample.actions.select(1, 0), sample.weight);
  losses["prediction"] = prediction_loss(sample, outputs.predictions);
  losses["total"] =
      config_.action_weight * losses["action"] + config_.prediction_weight * losses["prediction"];
  return losses;
}

InteractionPolicy::Outputs InteractionPolicy::forward(const Observation& observation) {
  const auto type = action_output_->weight.scalar_type();
  const Tensor active = observation.active.to(type);  // [N, T, K]
  const Tensor positions =
      dynamics::masked_positions(observation.xy.to(type), active);  // [N, T, K, 2]
  const int64_t count = active.size(0);

  // Without a mask, all keypoints of a frame's graph send: the paper's form.
  const Tensor newest = active.select(1, config_.history - 1);
  const Tensor latents = is_joint_ ? network_->forward(joint_nodes(positions, active), newest)
                                   : network_->forward(frame_nodes(positions, active));
  const Tensor pooled = is_joint_ ? newest : active.flatten(0, 1);
  const Tensor readout = is_flat_ ? latents : masked_mean(latents, pooled);
  const Tensor hidden = torch::relu(action_hidden_->forward(readout.reshape({count, -1})));

  Outputs outputs;
  outputs.logits = action_output_->forward(hidden);
  outputs.predictions = decoder_->forward(latents).squeeze(2);
  if (!is_joint_) outputs.predictions = outputs.predictions.unflatten(0, {count, config_.history});
  return outputs;
}

Tensor InteractionPolicy::frame_nodes(const Tensor& positions, const Tensor& active) const {
  const int64_t graphs = active.size(0) * active.size(1), keypoints = config_.keypoints;
  const Tensor code = index_code_.expand({graphs, keypoints, index_code_.size(1)});
  return torch::cat({code, positions.flatten(0, 1), active.flatten(0, 1).unsqueeze(2)}, 2);
}

Tensor InteractionPolicy::joint_nodes(const Tensor& positions, const Tensor& active) const {
  const Tensor code = index_code_.expand({active.size(0), config_.keypoints, index_code_.size(1)});
  return torch::cat({code, dynamics::keypoint_states(positions, active)}, 2);
}

Observation InteractionPolicy::augment(const Observation& observation) {
  at::Generator generator = noise_.next();
  KeypointNoise noise;
  noise.frame = config_.keypoint_noise;
  noise.offset = config_.offset_noise;
  noise.dropout = config_.keypoint_dropout;
  return with_noise(observation, noise, generator);
}

Tensor InteractionPolicy::prediction_loss(const Sample& sample, const Tensor& predictions) const {
  const auto type = predictions.scalar_type();
  const Tensor active = sample.observation.active.to(type);
  const Tensor positions = dynamics::masked_positions(sample.observation.xy.to(type), active);
  const int64_t last = config_.history - 1;
  if (is_joint_) {
    return displacement_loss(predictions.unsqueeze(1), positions.select(1, last),
                             active.select(1, last), sample);
  }
  const Tensor next =
      dynamics::masked_positions(sample.next_xy.to(type), sample.next_active.to(type));
  return torch::huber_loss(predictions.narrow(3, 0, 2),
                           torch::cat({positions.narrow(1, 1, last), next}, 1));
}

}  // namespace mint::agents
