// Keypoints of a data set by a frozen detector, computed once: kept beside the detector's run under
// the content hashes of its weights, its threshold and the frames.
#pragma once

#include <filesystem>
#include <functional>

#include <torch/types.h>

#include "perception/detector.h"

namespace mint::training {

// detector.detect(frames), from `folder` when it is there, else computed and put there. A damaged
// file is computed anew; a folder that cannot be written costs only the next run's time. `gamma` is
// the detector's threshold. `on_frames` is told how many of the frames are done.
perception::Keypoints cached_keypoints(perception::Detector& detector, double gamma,
                                       const torch::Tensor& frames,
                                       const std::filesystem::path& folder,
                                       const std::function<void(int64_t)>& on_frames);

}  // namespace mint::training
