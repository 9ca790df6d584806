#include "agents/keypoint_inputs.h"

#include <torch/torch.h>

#include "dynamics/keypoint_states.h"
#include "dynamics/require_shape.h"

namespace mint::agents {

using torch::Tensor;

void check_window(const std::string& where, const Observation& observation, int64_t history,
                  int64_t keypoints) {
  dynamics::require_shape(where, "xy", observation.xy, -1, {history, keypoints, 2});
  dynamics::require_shape(where, "active", observation.active, observation.xy.size(0),
                          {history, keypoints});
}

void check_targets(const std::string& where, const Sample& sample, int64_t chunk,
                   int64_t keypoints) {
  const int64_t count = sample.observation.xy.size(0);
  dynamics::require_shape(where, "actions", sample.actions, count, {chunk});
  dynamics::require_shape(where, "next_xy", sample.next_xy, count, {chunk, keypoints, 2});
  dynamics::require_shape(where, "next_active", sample.next_active, count, {chunk, keypoints});
}

KeypointNoise keypoint_noise(const KeypointNoiseConfig& config) {
  KeypointNoise noise;
  noise.frame = config.frame_noise;
  noise.offset = config.keypoint_noise;
  noise.is_offset_scaled = true;
  noise.dropout = config.keypoint_dropout;
  return noise;
}

Observation with_noise(const Observation& observation, const KeypointNoise& noise,
                       at::Generator& generator) {
  torch::NoGradGuard no_grad;
  const int64_t count = observation.xy.size(0), frames = observation.xy.size(1);
  const int64_t keypoints = observation.xy.size(2);
  const auto device = observation.xy.device();
  Observation noisy = observation;
  // Half the image is 0.5 in the observation's units.
  if (noise.frame > 0) {
    const Tensor each = torch::randn({count, frames, keypoints, 2}, generator);
    noisy.xy = noisy.xy + (0.5 * noise.frame) * each.to(device);
  }
  if (noise.offset > 0) {
    Tensor each = torch::randn({count, 1, keypoints, 2}, generator);
    if (noise.is_offset_scaled) each *= torch::rand({count, 1, 1, 1}, generator);
    noisy.xy = noisy.xy + (0.5 * noise.offset) * each.to(device);
  }
  if (noise.dropout > 0) {
    const Tensor kept = torch::rand({count, 1, keypoints}, generator).ge(noise.dropout);
    noisy.active = noisy.active * kept.to(device);
  }
  return noisy;
}

Sample with_swapped_pairs(const Sample& sample, double probability, NoiseStream& noise) {
  if (probability == 0) return sample;
  torch::NoGradGuard no_grad;
  at::Generator generator = noise.next();
  const Tensor &xy = sample.observation.xy, &active = sample.observation.active;
  const int64_t count = xy.size(0), last = xy.size(1) - 1, keypoints = xy.size(2);
  const Tensor draws = torch::rand({count, keypoints * keypoints}, generator).to(xy.device());
  const Tensor is_swapped = torch::rand({count}, generator).to(xy.device()).lt(probability);

  // Half the image is 0.5 in the observation's units.
  const Tensor newest = xy.select(1, last), shown = active.select(1, last);  // [N, K, 2], [N, K]
  const Tensor offset = newest.unsqueeze(1) - newest.unsqueeze(2);           // [N, K, K, 2]
  const Tensor is_near = offset.square().sum(3).lt(0.25 * kPairRadius * kPairRadius);
  const Tensor is_pair =
      (is_near * shown.unsqueeze(1) * shown.unsqueeze(2)).triu(/*diagonal=*/1).flatten(1);
  const auto [best, pair] = ((1 + draws) * is_pair).max(1);  // [N]
  const Tensor is_done = is_swapped.logical_and(best.gt(0)).unsqueeze(1);

  const Tensor index = torch::arange(keypoints, xy.device()).expand({count, keypoints});
  const Tensor first = pair.div(keypoints, "floor").unsqueeze(1);
  const Tensor second = pair.remainder(keypoints).unsqueeze(1);
  const Tensor exchanged = index.scatter(1, first, second).scatter(1, second, first);
  const Tensor source = torch::where(is_done, exchanged, index);  // [N, K]

  const auto permuted = [&](const Tensor& values) {  // [N, S, K] or [N, S, K, 2]
    if (!values.defined()) return values;
    auto from = source.unsqueeze(1);
    if (values.dim() == 4) from = from.unsqueeze(3);
    return values.gather(2, from.expand(values.sizes()));
  };
  Sample swapped = sample;
  swapped.observation.xy = permuted(xy);
  swapped.observation.active = permuted(active);
  swapped.next_xy = permuted(sample.next_xy);
  swapped.next_active = permuted(sample.next_active);
  return swapped;
}

Tensor displacement_loss(const Tensor& predictions, const Tensor& newest, const Tensor& active,
                         const Sample& sample) {
  const auto type = predictions.scalar_type();
  const Tensor next_active = sample.next_active.to(type);
  const Tensor next = dynamics::masked_positions(sample.next_xy.to(type), next_active);
  const Tensor known = active.unsqueeze(1) * next_active;  // [N, C, K]
  const Tensor error =
      torch::huber_loss(predictions, dynamics::kDisplacementScale * (next - newest.unsqueeze(1)),
                        at::Reduction::None);
  return (error * known.unsqueeze(3)).sum() / (2 * known.sum()).clamp_min(1);
}

}  // namespace mint::agents
