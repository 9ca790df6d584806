// The numbers of `mint detect`: active keypoints, what they go along with, how far static ones
// drift.
#pragma once

#include <string>
#include <vector>

#include "training/detected_video.h"
#include "training/detection_statistics.h"
#include "training/frame_series.h"

namespace mint::training {

// Pearson's correlation of the number of active keypoints with a series; NaN where one is constant.
struct ActivityCorrelation {
  std::string series;
  double plain = 0;     // frame by frame
  double smoothed = 0;  // of the moving averages of both
};

struct DetectorSummary {
  std::string label;
  int64_t keypoints = 0;                          // K
  std::vector<double> counts;                     // active keypoints of each frame
  std::vector<ActivityCorrelation> correlations;  // in the order of the series
  std::vector<KeypointDrift> drifts;
};

struct DetectionSummary {
  int64_t window = 1;               // frames of a moving average: one second, at least 3; odd
  std::vector<FrameSeries> series;  // at the frames of the video
  std::vector<DetectorSummary> detectors;
};

// Throws std::runtime_error when a series ends before the video.
DetectionSummary summarise_detection(const DetectedVideo& video,
                                     const std::vector<FrameSeries>& series);

// What people read: the video, then each detector. Drifts only with `shows_static`.
std::vector<std::string> summary_lines(const DetectedVideo& video, const DetectionSummary& summary,
                                       bool shows_static);

// The same numbers and the drift of every keypoint for programs. Undefined values are null.
std::string summary_json(const DetectedVideo& video, const DetectionSummary& summary);

// "vtest.avi: 195 frames of 768x576 (600 to 794)", and a line more where the header was wrong.
std::vector<std::string> video_lines(const DetectedVideo& video);

// "3 of 25 keypoints: median drift 0.9 px, 95 % below 2.1 px, at most 4.0 px": of the static ones
// together: median of medians, largest of the others.
std::string static_line(const DetectorSummary& detector);

}  // namespace mint::training
