#include "dynamics/keypoint_states.h"

#include <torch/torch.h>

namespace mint::dynamics {

using torch::Tensor;

Tensor masked_positions(const Tensor& xy, const Tensor& active) {
  return (2 * xy - 1) * active.unsqueeze(-1);
}

int64_t keypoint_state_width(int64_t history) {
  return 3 * history + 2 * (history - 1);
}

Tensor keypoint_states(const Tensor& positions, const Tensor& active) {
  const int64_t steps = active.size(1) - 1;
  const Tensor states = torch::cat({positions, active.unsqueeze(3)}, 3);  // [N, T, K, 3]
  const Tensor both = active.narrow(1, 1, steps) * active.narrow(1, 0, steps);
  const Tensor velocities = kDisplacementScale * both.unsqueeze(3) *
                            (positions.narrow(1, 1, steps) - positions.narrow(1, 0, steps));
  return torch::cat({states.transpose(1, 2).flatten(2), velocities.transpose(1, 2).flatten(2)}, 2);
}

}  // namespace mint::dynamics
