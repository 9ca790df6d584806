// Frames to measure on: episodes of MakeLine (the task with most blocks) under random actions.
#pragma once

#include <algorithm>

#include <torch/types.h>

#include "envs/env.h"
#include "envs/random.h"

namespace mint::bench {

// `count` consecutive frames, uint8 [count, 3, 96, 96]. The same on every call.
inline torch::Tensor rollout_frames(int64_t count) {
  constexpr int kSize = envs::kObservationSize_px;
  const auto pixels = torch::empty({count, kSize, kSize, 3}, torch::kUInt8);
  envs::Env env("MakeLine", "TestJitter");
  envs::Random random(0);
  env.reset(0);
  for (int64_t i = 0; i < count; ++i) {
    const auto& frame = env.frame();
    std::copy(frame.begin(), frame.end(), pixels.data_ptr<uint8_t>() + i * frame.size());
    if (env.step(random.below(envs::kActions)).truncated) env.reset(i);
  }
  return pixels.permute({0, 3, 1, 2}).contiguous();
}

}  // namespace mint::bench
