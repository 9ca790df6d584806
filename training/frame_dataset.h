// The frames of demonstrations as training data of a detector: decoded once, in memory.
#pragma once

#include <cstdint>
#include <vector>

#include <torch/types.h>

#include "training/demonstrations.h"
#include "training/video_set.h"

namespace mint::training {

struct FrameDataset {
  torch::Tensor frames;         // uint8 [F, 3, H, W], RGB, the episodes one after another
  std::vector<int64_t> starts;  // first frame of every episode, then F

  int64_t size() const { return starts.back(); }  // F
};

// uint8 [T + 1, 3, H, W], RGB.
torch::Tensor frames_of(const Episode& episode);

// All episodes have frames of one size; at least one episode.
FrameDataset make_frame_dataset(const std::vector<Episode>& episodes);

// The same of videos. Throws std::runtime_error, which names the first video that has another size.
FrameDataset make_frame_dataset(const std::vector<VideoClip>& videos);

// The first frames of all windows of `length` consecutive frames of one episode, each once. (The
// reference draws the first window of an episode length + 1 times and its last frame never.)
std::vector<int64_t> window_starts(const FrameDataset& dataset, int64_t length);

}  // namespace mint::training
