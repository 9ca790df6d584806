// Keypoints of videos by a frozen detector, as data of a keypoint predictor: windows of frames and
// the frames that follow them, none across the border of two videos.
#pragma once

#include <cstdint>
#include <vector>

#include <torch/types.h>

#include "dynamics/keypoint_predictor.h"
#include "perception/keypoints.h"
#include "training/agent.h"
#include "training/dynamics_config.h"
#include "training/job_progress.h"

namespace mint::training {

struct KeypointVideos {
  perception::Keypoints keypoints;    // of all frames F, the videos one after another
  torch::Tensor actions;              // int64 [F], executed at each frame; undefined: not read
  std::vector<int64_t> starts = {0};  // first frame of every video, then F

  bool empty() const { return starts.size() == 1; }
};

struct KeypointVideoSplit {
  KeypointVideos train;
  KeypointVideos held_out;  // may be empty
};

// Looks at what there is before anything is made: throws as read_keypoint_videos() for data of no
// known kind, without demonstrations of a task, or without the actions that the predictor takes.
void require_keypoint_videos(const DynamicsConfig& config, const LoadedDetector& detector);

// The videos that the configuration means, read one at a time, their keypoints kept beside the
// detector's run (training/keypoint_cache.h). Actions are read for a predictor that takes them.
// What cannot be read is skipped and named on stderr. Throws std::runtime_error when nothing is
// left to learn from or frames are not of the detector's size, ConfigError when there are no
// actions to read, and Interrupted when a signal asks to stop.
KeypointVideoSplit read_keypoint_videos(const DynamicsConfig& config,
                                        const LoadedDetector& detector,
                                        const OnProgress& on_progress);

// The first frames of all windows of config.history frames and the target_frames(config) after.
std::vector<int64_t> predictor_windows(const KeypointVideos& videos,
                                       const dynamics::KeypointPredictorConfig& config);

dynamics::PredictorSample gather_windows(const KeypointVideos& videos,
                                         const std::vector<int64_t>& first_frames,
                                         const dynamics::KeypointPredictorConfig& config);

}  // namespace mint::training
