// Demonstrations as training data of a policy: keypoints of every frame, computed once by the
// frozen detector, and the expert's actions.
#pragma once

#include <cstdint>
#include <vector>

#include <torch/types.h>

#include "agents/policy.h"
#include "perception/keypoints.h"
#include "training/demonstrations.h"

namespace mint::training {

struct KeypointDataset {
  perception::Keypoints keypoints;  // of all frames, [F, K, 2] and [F, K]
  torch::Tensor windows;            // int64 [S, T]: the frames seen at each decision, oldest first
  torch::Tensor next;               // int64 [S]: the frame after the action
  torch::Tensor actions;            // int64 [S]

  int64_t size() const { return actions.numel(); }  // S
};

// `keypoints` belong to the frames of make_frame_dataset(episodes). At the start of an episode its
// first frame fills the window. Episodes have a fixed length, so demonstrators wait at the end; of
// an episode's last run of one repeated action only the first `idle_tail` steps become samples
// (0: all), or else a policy learns above all to stand still.
KeypointDataset make_keypoint_dataset(const std::vector<Episode>& episodes,
                                      const perception::Keypoints& keypoints, int64_t history,
                                      int64_t idle_tail = 0);

// The samples with these indices, in this order.
agents::Sample gather_samples(const KeypointDataset& dataset, const std::vector<int64_t>& indices);

}  // namespace mint::training
