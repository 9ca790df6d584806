// The randomness of a policy's training: augmentation, dropout. It depends on the policy's seed and
// on how many steps went before, never on the global generator.
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/types.h>

namespace mint::agents {

class NoiseStream {
 public:
  // `calls`, an int64 scalar, counts the calls of next(). The policy registers it as a buffer, so
  // that it is saved with the weights and a resumed run draws what an uninterrupted one would have
  // drawn.
  NoiseStream(uint64_t seed, torch::Tensor calls) : seed_(seed), calls_(calls) {}

  // A fresh generator on the CPU for one training step. Draw there also for a GPU: the same noise
  // on every device.
  at::Generator next();

 private:
  uint64_t seed_;
  torch::Tensor calls_;
};

// Inverted dropout: each entry is 0 with `probability` (rounded to 1/256) and else scaled so that
// the expectation is kept. Returns `values` when `noise` is null (evaluation) or probability is 0.
torch::Tensor dropout(const torch::Tensor& values, double probability, at::Generator* noise);

}  // namespace mint::agents
