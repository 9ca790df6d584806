// Builds a policy's training data from episodes: their frames are looked at once, episode by
// episode, by the frozen detector, and only what the policy sees of them is kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "agents/policy.h"
#include "perception/keypoints.h"
#include "training/agent.h"
#include "training/clone_config.h"
#include "training/demonstrations.h"
#include "training/frame_copies.h"
#include "training/policy_dataset.h"

namespace mint::training {

class PolicyDatasetBuilder {
 public:
  // Of every motion there will be a copy of the frames; the first stands still. `detector` is
  // borrowed; it is not looked at by a policy that reads pixels.
  PolicyDatasetBuilder(const CloneConfig& config, const agents::Policy& policy,
                       const LoadedDetector& detector, std::vector<FrameMotion> motions);

  // Keypoints come from the cache beside the detector's run, or go there. `on_frames` is told of
  // how many more frames there are keypoints, of each as often as there are motions; never for a
  // policy that reads pixels.
  void add_demonstration(Episode episode, const std::function<void(int64_t)>& on_frames);

  // An episode of a policy, with an expert's actions as its labels; only after all demonstrations.
  // Its frames are `frames`, uint8 [T + 1, 3, H, W], which may be undefined without needs_frames();
  // `keypoints` those of the frames as they are, undefined for a policy that reads pixels.
  void add_rollout(Episode episode, const torch::Tensor& frames,
                   const perception::Keypoints& keypoints);

  // Whether rollouts are more than their keypoints: the policy reads pixels, or there are motions.
  bool needs_frames() const { return reads_pixels_ || motions_.size() > 1; }

  // Of all episodes added so far; at least one.
  PolicyDataset build() const;

 private:
  // `detect` gives the keypoints of `frames` moved.
  void add_frames(const torch::Tensor& frames,
                  const std::function<perception::Keypoints(const FrameMotion&)>& detect);

  CloneConfig config_;
  DecisionConfig decisions_;
  const LoadedDetector& detector_;
  bool reads_pixels_;
  std::vector<FrameMotion> motions_;
  std::vector<Episode> episodes_;  // without their frames
  size_t rollouts_ = 0;
  std::vector<std::vector<torch::Tensor>> xy_, active_;  // of each motion and episode
  std::vector<torch::Tensor> images_;                    // of each episode
};

// The motions that a configuration asks for. Policies on pixels see the frames themselves, moved by
// their own augmentation, so for them there is at most the mirror.
std::vector<FrameMotion> motions_of(const CloneConfig& config, const agents::Policy& policy);

}  // namespace mint::training
