// Small policies of every kind and random data for them.
#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "agents/policy.h"
#include "agents/policy_config.h"

namespace mint::tests {

constexpr int64_t kSmallFrame = 16;  // px

// Every policy of the registry, and the other forms of some.
inline std::vector<std::string> policy_kinds() {
  return {"attention", "cnn", "cnn shared", "interaction", "mlp", "mlp paper"};
}

// Without augmentation and dropout.
inline agents::PolicyConfig small_policy(const std::string& kind) {
  agents::PolicyConfig config;
  config.name = kind.substr(0, kind.find(' '));
  config.attention.keypoints = 4;
  config.attention.history = 3;
  config.attention.width = 16;
  config.attention.heads = 2;
  config.attention.layers = 2;
  config.attention.feed_forward = 16;
  config.attention.readout_width = 16;
  config.attention.readout_blocks = 1;
  config.attention.dropout = 0;
  config.attention.head.chunk = 3;
  config.attention.plan = {/*plans=*/3, /*width=*/4, /*dropout=*/0};
  config.attention.noise = {0, 0, 0};
  config.interaction.keypoints = 4;
  config.interaction.history = 3;
  config.interaction.keypoint_noise = 0;
  config.mlp.keypoints = 4;
  config.mlp.history = 3;
  config.mlp.width = 16;
  config.mlp.hidden = 16;
  config.mlp.blocks = 2;
  config.mlp.dropout = 0;
  config.mlp.head.chunk = 3;
  config.mlp.plan = {/*plans=*/3, /*width=*/4, /*dropout=*/0};
  config.mlp.noise = {0, 0, 0};
  if (kind == "mlp paper") {
    config.mlp.form = "paper";
    config.mlp.plan.plans = 0;
  }
  config.cnn.history = 2;
  config.cnn.frame_size = kSmallFrame;
  if (kind == "cnn shared") {
    config.cnn.form = "shared";
    config.cnn.head = config.mlp.head;
    config.cnn.plan = config.mlp.plan;
  }
  return config;
}

// The same with all the randomness of training that there is.
inline agents::PolicyConfig noisy_policy(const std::string& kind) {
  agents::PolicyConfig config = small_policy(kind);
  config.attention.dropout = 0.2;
  config.attention.plan.dropout = 0.3;
  config.attention.noise = {0.1, 0.05, 0.2};
  config.interaction.keypoint_noise = 0.1;
  config.interaction.offset_noise = 0.1;
  config.attention.noise.pair_swap = config.interaction.pair_swap = config.mlp.noise.pair_swap =
      0.3;
  config.interaction.keypoint_dropout = 0.2;
  config.mlp.dropout = 0.2;
  config.mlp.plan.dropout = 0.3;
  config.mlp.noise = {0.1, 0.05, 0.2};
  config.cnn.shift_px = 2;
  config.cnn.plan.dropout = 0.3;
  return config;
}

inline agents::Observation random_observation(const agents::Policy& policy, int64_t count,
                                              uint64_t seed = 11) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  const int64_t frames = policy.history(), keypoints = policy.keypoints();
  agents::Observation observation;
  if (keypoints > 0) {
    observation.xy = torch::rand({count, frames, keypoints, 2}, generator);
    observation.active =
        torch::rand({count, frames, keypoints}, generator).lt(0.8).to(torch::kFloat32);
  } else {
    observation.frames =
        torch::randint(256, {count, frames, 3, kSmallFrame, kSmallFrame}, generator, torch::kUInt8);
  }
  if (policy.plans() > 0) observation.plan = torch::arange(count) % policy.plans();
  return observation;
}

inline agents::Sample random_sample(const agents::Policy& policy, int64_t count) {
  at::Generator generator = at::detail::createCPUGenerator(12);
  const int64_t chunk = policy.chunk(), keypoints = policy.keypoints();
  agents::Sample sample;
  sample.observation = random_observation(policy, count);
  sample.actions = torch::randint(18, {count, chunk}, generator, torch::kInt64);
  if (keypoints > 0) {
    sample.next_xy = torch::rand({count, chunk, keypoints, 2}, generator);
    sample.next_active =
        torch::rand({count, chunk, keypoints}, generator).lt(0.8).to(torch::kFloat32);
  }
  return sample;
}

inline int64_t parameter_count(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : module.parameters()) count += parameter.numel();
  return count;
}

}  // namespace mint::tests
