// The keypoint metrics as the program published with the paper computes them, for comparison with
// printed numbers only. Ours, which follow the paper's text, are in perception/keypoint_metrics.h.
#pragma once

#include <vector>

#include "perception/pixel_keypoints.h"

namespace mint::perception {

struct ReleasedMetrics {
  double dop = 0;
  double top = 0;  // the first frame counts as 0
  double uak = 0;
  double dak_deviation = 0;
};

// Where it differs: whether a keypoint is inside an object is remembered, and renewed only while
// the keypoint is active and the object listed, so one that turned inactive goes on detecting and
// tracking; active keypoints right of or below the image are no unsuccessful ones; a frame without
// objects makes DOP and TOP of the video NaN, one that detects nothing the DAK.
//
// Throws as measure_frames() does. All NaN where that program has no answer: an object with an
// empty mask or an active keypoint left of or above the image.
ReleasedMetrics measure_as_released(const PixelKeypoints& keypoints,
                                    const std::vector<FrameObjects>& objects, double keypoint_area);

}  // namespace mint::perception
