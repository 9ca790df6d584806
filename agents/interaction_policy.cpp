#include "agents/interaction_policy.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <torch/torch.h>

#include "dynamics/initialise.h"

namespace mint::agents {
namespace {

using torch::Tensor;

// Brings the displacement of one frame, a few hundredths, to the scale of the positions.
constexpr double kVelocityScale = 5;

std::string shape(const Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes();
  return text.str();
}

// `expected` [N, ...]; any N of at least 1 when `count` is -1.
void require_shape(const char* function, const char* what, const Tensor& tensor, int64_t count,
                   const std::vector<int64_t>& expected) {
  if (tensor.defined() && tensor.dim() == static_cast<int64_t>(expected.size()) + 1 &&
      tensor.sizes().slice(1) == at::IntArrayRef(expected) &&
      (count < 0 ? tensor.size(0) > 0 : tensor.size(0) == count)) {
    return;
  }
  std::string text = count < 0 ? "N" : std::to_string(count);
  for (int64_t size : expected) text += ", " + std::to_string(size);
  throw std::invalid_argument("InteractionPolicy." + std::string(function) + ": " + what +
                              ": expected [" + text + "], got " +
                              (tensor.defined() ? shape(tensor) : "no tensor"));
}

// The seed of the noise of one call: neighbouring seeds and calls give unrelated streams
// (splitmix64's finaliser).
uint64_t noise_seed(uint64_t seed, uint64_t call) {
  uint64_t z = seed * 0x9E3779B97F4A7C15u + call + 1;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// From fractions of the image to [-1, 1], 0 where inactive.
Tensor masked_positions(const Tensor& xy, const Tensor& active) {
  return (2 * xy - 1) * active.unsqueeze(-1);
}

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
      seed_(seed) {
  validate(config);
  const int64_t code = std::max<int64_t>(config.index_embedding, 1);
  const int64_t frames = is_joint_ ? config.history : 1;  // per node

  dynamics::InteractionNetworkConfig network;
  network.node_inputs = code + 3 * frames + 2 * (frames - 1);
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

  augmentations_ = register_buffer("augmentations", torch::zeros({}, torch::kInt64));
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
  check(observation, "logits");
  std::vector<Tensor> rows;
  for (int64_t n = 0; n < observation.xy.size(0); ++n) {
    Observation alone;
    alone.xy = observation.xy.narrow(0, n, 1);
    alone.active = observation.active.narrow(0, n, 1);
    rows.push_back(forward(alone).logits);
  }
  return torch::cat(rows).unsqueeze(1);
}

Losses InteractionPolicy::losses(const Sample& sample) {
  check(sample.observation, "losses");
  const int64_t count = sample.observation.xy.size(0);
  require_shape("losses", "actions", sample.actions, count, {1});
  require_shape("losses", "next_xy", sample.next_xy, count, {1, config_.keypoints, 2});
  require_shape("losses", "next_active", sample.next_active, count, {1, config_.keypoints});

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
  const Tensor active = observation.active.to(type);                           // [N, T, K]
  const Tensor positions = masked_positions(observation.xy.to(type), active);  // [N, T, K, 2]
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
  const int64_t count = active.size(0), frames = active.size(1), keypoints = config_.keypoints;
  const Tensor code = index_code_.expand({count, keypoints, index_code_.size(1)});
  const Tensor states = torch::cat({positions, active.unsqueeze(3)}, 3);  // [N, T, K, 3]
  const Tensor both = active.narrow(1, 1, frames - 1) * active.narrow(1, 0, frames - 1);
  const Tensor velocities =
      kVelocityScale * both.unsqueeze(3) *
      (positions.narrow(1, 1, frames - 1) - positions.narrow(1, 0, frames - 1));
  return torch::cat(
      {code, states.transpose(1, 2).flatten(2), velocities.transpose(1, 2).flatten(2)}, 2);
}

Observation InteractionPolicy::augment(const Observation& observation) {
  torch::NoGradGuard no_grad;
  const auto call = static_cast<uint64_t>(augmentations_.item<int64_t>());
  augmentations_ += 1;
  at::Generator generator = at::detail::createCPUGenerator(noise_seed(seed_, call));
  const int64_t count = observation.xy.size(0), keypoints = config_.keypoints;
  const auto device = observation.xy.device();

  // Half the image is 0.5 in the observation's units. Drawn on the CPU: the same on every device.
  Observation noisy = observation;
  const auto add_noise = [&](double deviation, int64_t frames) {
    if (deviation == 0) return;
    const Tensor noise = torch::randn({count, frames, keypoints, 2}, generator);
    noisy.xy = noisy.xy + (0.5 * deviation) * noise.to(device);
  };
  add_noise(config_.keypoint_noise, config_.history);
  add_noise(config_.offset_noise, 1);
  if (config_.keypoint_dropout > 0) {
    const Tensor kept = torch::rand({count, 1, keypoints}, generator).ge(config_.keypoint_dropout);
    noisy.active = noisy.active * kept.to(device);
  }
  return noisy;
}

Tensor InteractionPolicy::prediction_loss(const Sample& sample, const Tensor& predictions) const {
  const auto type = predictions.scalar_type();
  const Tensor active = sample.observation.active.to(type);
  const Tensor positions = masked_positions(sample.observation.xy.to(type), active);
  const Tensor next_active = sample.next_active.select(1, 0).to(type);
  const Tensor next = masked_positions(sample.next_xy.select(1, 0).to(type), next_active);
  if (!is_joint_) {
    const Tensor later = positions.narrow(1, 1, config_.history - 1);
    return torch::huber_loss(predictions.narrow(3, 0, 2),
                             torch::cat({later, next.unsqueeze(1)}, 1));
  }
  const Tensor newest = positions.select(1, config_.history - 1);
  const Tensor known = active.select(1, config_.history - 1) * next_active;  // [N, K]
  const Tensor error =
      torch::huber_loss(predictions, kVelocityScale * (next - newest), at::Reduction::None);
  return (error * known.unsqueeze(2)).sum() / (2 * known.sum()).clamp_min(1);
}

void InteractionPolicy::check(const Observation& observation, const char* function) const {
  require_shape(function, "xy", observation.xy, -1, {config_.history, config_.keypoints, 2});
  require_shape(function, "active", observation.active, observation.xy.size(0),
                {config_.history, config_.keypoints});
}

}  // namespace mint::agents
