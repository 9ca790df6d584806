#include "agents/cnn_policy.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/agents/policy_samples.h"
#include "tests/support/error_of.h"

namespace mint::tests {
namespace {

using agents::CnnPolicy;
using agents::Observation;
using torch::Tensor;

TEST(CnnPolicy, HasThePapersParameterCount) {
  EXPECT_EQ(parameter_count(CnnPolicy(agents::CnnPolicyConfig{}, 0)), 1761810);  // spec A.4
}

TEST(CnnPolicy, SeesEveryFrameOfTheWindow) {
  CnnPolicy policy(small_policy("cnn").cnn, 0);
  Observation observation = random_observation(policy, 1);
  for (int64_t frame = 0; frame < policy.history(); ++frame) {
    const Tensor before = policy.logits(observation);

    observation.frames[0][frame][1] = 255 - observation.frames[0][frame][1];

    EXPECT_FALSE(torch::equal(policy.logits(observation), before)) << frame;
  }
}

TEST(CnnPolicy, ShiftsWindowsByWholePixelsAndRepeatsTheBorder) {
  constexpr int64_t kCount = 40, kSide = 9, kMost = 2;
  at::Generator generator = at::detail::createCPUGenerator(1);
  const Tensor window = torch::arange(2 * 3 * kSide * kSide, torch::kInt64)
                            .remainder(251)
                            .to(torch::kUInt8)
                            .view({2, 3, kSide, kSide});
  const Tensor frames = window.expand({kCount, 2, 3, kSide, kSide});

  const Tensor shifted = agents::shifted_at_random(frames, kMost, generator);

  bool is_any_moved = false;
  for (int64_t n = 0; n < kCount; ++n) {
    int matches = 0;
    for (int64_t dy = -kMost; dy <= kMost; ++dy) {
      for (int64_t dx = -kMost; dx <= kMost; ++dx) {
        const Tensor rows = (torch::arange(kSide) + dy).clamp(0, kSide - 1);
        const Tensor columns = (torch::arange(kSide) + dx).clamp(0, kSide - 1);
        const Tensor expected = window.index_select(2, rows).index_select(3, columns);
        if (!torch::equal(shifted[n], expected)) continue;
        ++matches;
        is_any_moved = is_any_moved || dx != 0 || dy != 0;
      }
    }
    EXPECT_EQ(matches, 1) << n;
  }
  EXPECT_TRUE(is_any_moved);
}

TEST(CnnPolicy, NamesTheFramesThatItExpects) {
  CnnPolicy policy(agents::CnnPolicyConfig{}, 0);
  Observation observation;
  observation.frames = torch::zeros({1, 4, 3, 96, 96});

  EXPECT_EQ(error_of([&] { policy.logits({}); }),
            "CnnPolicy.logits: frames: expected [N, 4, 3, 96, 96], got no tensor");
  EXPECT_EQ(error_of([&] { policy.logits(observation); }),
            "CnnPolicy.logits: frames: expected bytes, got Float");
}

}  // namespace
}  // namespace mint::tests
