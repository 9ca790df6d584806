// Keypoints of a whole video by one or several trained detectors (`mint detect`).
//
// The video is read once, frame by frame, so its length does not matter; every detector sees the
// frames resized to what it was trained on.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <torch/types.h>

#include "perception/detector.h"
#include "training/detected_video.h"
#include "training/job_progress.h"

namespace mint::training {

// Which frames of a video, and what of them. Frames are numbered from 0.
struct FrameChoice {
  int64_t from = 0;
  int64_t to = -1;  // the last one; -1: to the end
  int64_t every = 1;
  Crop crop;
};

struct NamedDetector {
  std::string label;  // for people, unlike any other's
  std::string run;
  std::shared_ptr<perception::Detector> detector;
};

// Reads the detectors of runs. Labels are "mint (pretrain)": the kind and the run's folder, with
// a number behind those that would be equal. Throws std::runtime_error.
std::vector<NamedDetector> read_detectors(const std::vector<std::string>& runs);

// One chosen frame, cropped, uint8 [3, H, W], and what each detector found in it (N = 1, fractions
// of the cropped image).
using OnDetectedFrame = std::function<void(int64_t number, const torch::Tensor& frame,
                                           const std::vector<perception::Keypoints>& found)>;

// Frames come to `on_frame` in their order. Stops at an interrupt with Interrupted. Throws
// std::runtime_error `file: what` for a file that cannot be decoded, a choice without a frame and a
// crop that is not inside the image.
DetectedVideo detect_video(const std::string& file, const FrameChoice& choice,
                           const std::vector<NamedDetector>& detectors,
                           const OnDetectedFrame& on_frame, const OnProgress& progress);

}  // namespace mint::training
