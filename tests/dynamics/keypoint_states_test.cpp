#include "dynamics/keypoint_states.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace mint::tests {
namespace {

using torch::Tensor;

TEST(KeypointStates, HoldsStatesAndVelocitiesOfActivePairs) {
  const Tensor positions = torch::tensor({0.1f, 0.2f, 0.3f, 0.1f, 0.0f, 0.0f}).view({1, 3, 1, 2});
  const Tensor active = torch::tensor({1.0f, 1.0f, 0.0f}).view({1, 3, 1});

  const Tensor states = dynamics::keypoint_states(positions, active);

  const Tensor expected = torch::tensor(
      {0.1f, 0.2f, 1.0f, 0.3f, 0.1f, 1.0f, 0.0f, 0.0f, 0.0f, 1.0f, -0.5f, 0.0f, 0.0f});
  EXPECT_EQ(states.size(2), dynamics::keypoint_state_width(3));
  EXPECT_TRUE(torch::allclose(states.flatten(), expected));
}

}  // namespace
}  // namespace mint::tests
