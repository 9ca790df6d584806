#include "dynamics/keypoint_predictor.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <torch/torch.h>

#include "dynamics/initialise.h"
#include "dynamics/keypoint_states.h"
#include "dynamics/require_shape.h"

namespace mint::dynamics {
namespace {

using torch::Tensor;

constexpr int64_t kActionChoices = 3 + 3 + 2;  // up/down, left/right, grip

// [N] -> [N, 8], id = ud + 3 lr + 9 grip.
Tensor action_choices(const Tensor& actions) {
  return torch::cat({torch::one_hot(actions.remainder(3), 3),
                     torch::one_hot(actions.div(3, "floor").remainder(3), 3),
                     torch::one_hot(actions.div(9, "floor"), 2)},
                    1);
}

Tensor row_of(const Tensor& all, int64_t row) {
  return all.defined() ? all.narrow(0, row, 1) : all;
}

}  // namespace

KeypointPredictor::KeypointPredictor(const KeypointPredictorConfig& config, uint64_t seed)
    : config_(config), is_paper_(config.form == "paper") {
  validate(config);
  const int64_t code = std::max<int64_t>(config.index_embedding, 1);
  InteractionNetworkConfig network;
  network.node_inputs = code +
                        (is_paper_ ? 3 * config.history : keypoint_state_width(config.history)) +
                        (config.actions > 0 ? kActionChoices : 0);
  network.latent = config.latent;
  network.hidden = config.hidden;
  network.effect = config.effect;
  network.relation_layers = config.relation_layers;
  network.object_layers = config.object_layers;
  network.aggregation = config.aggregation == "sum" ? Aggregation::kSum : Aggregation::kMean;
  network.message_relu = is_paper_;
  network.zero_edge_feature = is_paper_;
  network_ = register_module("network", InteractionNetwork(network));
  decoder_ = register_module("decoder",
                             KeypointDecoder(KeypointDecoderConfig{config.latent, config.horizons,
                                                                   /*displacement=*/!is_paper_}));

  at::Generator generator = at::detail::createCPUGenerator(seed);
  initialise(*this, generator);
  if (config.index_embedding > 0) {
    torch::NoGradGuard no_grad;
    index_code_ = register_parameter("index_code", torch::empty({config.keypoints, code}));
    index_code_.normal_(0, 1, generator);
  } else {
    index_code_ =
        register_buffer("index_code", torch::linspace(-1, 1, config.keypoints).unsqueeze(1));
  }
}

Tensor KeypointPredictor::predict(const Tensor& xy, const Tensor& active, const Tensor& actions) {
  check_window("KeypointPredictor.predict", xy, active);
  check_actions("KeypointPredictor.predict", actions, {xy.size(0)});
  std::vector<Tensor> rows;
  for (int64_t row = 0; row < xy.size(0); ++row) {
    rows.push_back(forward(row_of(xy, row), row_of(active, row), row_of(actions, row)));
  }
  return torch::cat(rows);
}

Tensor KeypointPredictor::unroll(const Tensor& xy, const Tensor& active, int64_t steps,
                                 const Tensor& actions) {
  check_window("KeypointPredictor.unroll", xy, active);
  if (steps < 1) {
    throw std::invalid_argument("KeypointPredictor.unroll: steps: expected >= 1, got " +
                                std::to_string(steps));
  }
  check_actions("KeypointPredictor.unroll", actions, {xy.size(0), steps});
  std::vector<Tensor> rows;
  for (int64_t row = 0; row < xy.size(0); ++row) {
    rows.push_back(chain(row_of(xy, row), row_of(active, row), steps, row_of(actions, row)));
  }
  return torch::cat(rows);
}

PredictorLosses KeypointPredictor::losses(const PredictorSample& sample) {
  const char* where = "KeypointPredictor.losses";
  check_window(where, sample.xy, sample.active);
  const int64_t count = sample.xy.size(0), frames = target_frames(config_);
  require_shape(where, "next_xy", sample.next_xy, count, {frames, config_.keypoints, 2});
  require_shape(where, "next_active", sample.next_active, count, {frames, config_.keypoints});
  check_actions(where, sample.actions, {count, frames});

  const Tensor taken = config_.actions > 0 ? sample.actions.select(1, 0) : Tensor();
  const Tensor predictions = forward(sample.xy, sample.active, taken);  // [N, K, H, 2]
  PredictorLosses losses;
  losses.joint = loss_of(predictions.transpose(1, 2), sample);
  if (config_.unroll == 0) {
    losses.unrolled = torch::zeros({}, losses.joint.options());
    losses.total = losses.joint;
    return losses;
  }
  losses.unrolled = loss_of(
      chain(sample.xy, sample.active, config_.unroll, sample.actions, predictions.select(2, 0)),
      sample);
  losses.total = losses.joint + config_.unroll_weight * losses.unrolled;
  return losses;
}

Tensor KeypointPredictor::forward(const Tensor& xy, const Tensor& active, const Tensor& actions) {
  const auto type = index_code_.scalar_type();
  const int64_t count = xy.size(0), last = config_.history - 1;
  const Tensor statuses = active.to(type), places = xy.to(type);
  std::vector<Tensor> parts = {index_code_.expand({count, config_.keypoints, index_code_.size(1)})};
  if (is_paper_) {
    parts.push_back(
        torch::cat({2 * places - 1, statuses.unsqueeze(3)}, 3).transpose(1, 2).flatten(2));
  } else {
    parts.push_back(keypoint_states(masked_positions(places, statuses), statuses));
  }
  if (config_.actions > 0) {
    const Tensor choices = action_choices(actions).to(type).unsqueeze(1);
    parts.push_back(choices.expand({count, config_.keypoints, kActionChoices}));
  }

  const Tensor newest = statuses.select(1, last);
  const Tensor latents = network_->forward(torch::cat(parts, 2), is_paper_ ? Tensor() : newest);
  const Tensor decoded = decoder_->forward(latents);
  if (is_paper_) return (decoded.narrow(3, 0, 2) + 1) / 2;
  const Tensor moves = decoded / (2 * kDisplacementScale) * newest.unsqueeze(2).unsqueeze(3);
  return places.select(1, last).unsqueeze(2) + moves;
}

Tensor KeypointPredictor::chain(const Tensor& xy, const Tensor& active, int64_t steps,
                                const Tensor& actions, const Tensor& first) {
  const int64_t kept = config_.history - 1;
  Tensor places = xy.to(index_code_.scalar_type()), statuses = active;
  std::vector<Tensor> frames;
  for (int64_t step = 0; step < steps; ++step) {
    const bool is_known = step == 0 && first.defined();
    const Tensor taken = actions.defined() ? actions.select(1, step) : Tensor();
    frames.push_back(is_known ? first : forward(places, statuses, taken).select(2, 0));
    places = torch::cat({places.narrow(1, 1, kept), frames.back().unsqueeze(1)}, 1);
    statuses = torch::cat({statuses.narrow(1, 1, kept), statuses.narrow(1, kept, 1)}, 1);
  }
  return torch::stack(frames, 1);
}

Tensor KeypointPredictor::loss_of(const Tensor& predictions, const PredictorSample& sample) const {
  const auto type = predictions.scalar_type();
  const int64_t frames = predictions.size(1);
  const double scale = is_paper_ ? 2 : 2 * kDisplacementScale;
  const Tensor target = sample.next_xy.narrow(1, 0, frames).to(type);
  const Tensor error = torch::smooth_l1_loss(scale * predictions, scale * target,
                                             at::Reduction::None, config_.linear_beyond);
  if (is_paper_) return error.mean() * frames;
  const Tensor now = sample.active.select(1, config_.history - 1).to(type);  // [N, K]
  const Tensor known = now.unsqueeze(1) * sample.next_active.narrow(1, 0, frames).to(type);
  return (error * known.unsqueeze(3)).sum() / (2 * known.sum()).clamp_min(1);
}

void KeypointPredictor::check_window(const char* where, const Tensor& xy,
                                     const Tensor& active) const {
  require_shape(where, "xy", xy, -1, {config_.history, config_.keypoints, 2});
  require_shape(where, "active", active, xy.size(0), {config_.history, config_.keypoints});
}

void KeypointPredictor::check_actions(const char* where, const Tensor& actions,
                                      const std::vector<int64_t>& shape) const {
  if (config_.actions == 0) {
    if (!actions.defined()) return;
    throw std::invalid_argument(std::string(where) +
                                ": actions: expected none, because config.actions is 0");
  }
  require_shape(where, "actions", actions, shape[0], {shape.begin() + 1, shape.end()});
  const auto least = actions.min().item<int64_t>(), most = actions.max().item<int64_t>();
  if (least >= 0 && most < config_.actions) return;
  throw std::invalid_argument(std::string(where) + ": actions: expected 0.." +
                              std::to_string(config_.actions - 1) + ", got " +
                              std::to_string(least < 0 ? least : most));
}

}  // namespace mint::dynamics
