#include "agents/noise_stream.h"

#include <cmath>
#include <limits>

#include <torch/torch.h>

namespace mint::agents {
namespace {

// Neighbouring seeds and calls give unrelated streams (splitmix64's finaliser).
uint64_t mixed_seed(uint64_t seed, uint64_t call) {
  uint64_t z = seed * 0x9E3779B97F4A7C15u + call + 1;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

}  // namespace

at::Generator NoiseStream::next() {
  torch::NoGradGuard no_grad;
  const auto call = static_cast<uint64_t>(calls_.item<int64_t>());
  calls_ += 1;
  return at::detail::createCPUGenerator(mixed_seed(seed_, call));
}

torch::Tensor dropout(const torch::Tensor& values, double probability, at::Generator* noise) {
  const auto dropped = static_cast<int64_t>(std::lround(256 * probability));
  if (!noise || dropped == 0) return values;
  // One draw serves eight entries; drawing a float for each would cost more than the layer.
  const int64_t count = values.numel();
  torch::Tensor draws = torch::empty({(count + 7) / 8}, torch::kInt64);
  draws.random_(std::numeric_limits<int64_t>::min(), c10::nullopt, *noise);
  const torch::Tensor bytes = draws.view(torch::kUInt8).narrow(0, 0, count);
  const torch::Tensor mask = bytes.ge(dropped).to(values.options()).view(values.sizes());
  return values * mask.mul_(256.0 / static_cast<double>(256 - dropped));
}

}  // namespace mint::agents
