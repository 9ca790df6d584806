// How well keypoints hold on to the objects of a video (paper Appendix C): DOP, TOP, UAK, DAK.
//
// A keypoint is inside an object at a frame when it is active and the pixel that holds it is 1 in
// the object's mask. A value that nothing defines - no frame has an object, say - is NaN, never 0.
#pragma once

#include <cstdint>
#include <vector>

#include "perception/pixel_keypoints.h"

namespace mint::perception {

// Of one frame t with objects O_t; A_o is the area of an object's mask, n_o the number of keypoints
// inside it, A_k the area that one keypoint stands for.
struct FrameMetrics {
  int64_t objects = 0;       // |O_t|
  int64_t detected = 0;      // objects with a keypoint inside
  int64_t tracked = 0;       // objects with the same keypoint inside at t - 1 and t; 0 at t = 0
  int64_t unsuccessful = 0;  // active keypoints inside no object, outside the image included
  std::vector<double> densities;  // A_k n_o / A_o of each object as listed; 0 for an empty mask
  double dak_product = 0;         // of all densities, as the paper prints it; NaN without objects
  double dak_mean = 0;            // of all densities; NaN without objects
  double dak_deviation = 0;  // mean |1 - density| of the detected ones; NaN where there are none
};

// Means over frames. Frames without objects count for UAK alone.
struct VideoMetrics {
  double dop = 0;                   // share of the objects that are detected
  double top = 0;                   // share that is tracked, from the second frame on
  double top_first_frame_zero = 0;  // as the published program has it: the first frame counts as 0
  double uak = 0;                   // unsuccessful keypoints a frame: a count, no share
  double dak_product = 0;           // the paper's definition, and the one that tables show
  double dak_mean = 0;              // 1: one keypoint for every A_k pixels of an object
  double dak_deviation = 0;  // what the published program reports; without frames that detect
                             // nothing
};

// `objects` has one entry a frame, masks of the size of the image. Throws std::invalid_argument
// when sizes disagree or `keypoint_area` (A_k, pixels) is not above 0.
std::vector<FrameMetrics> measure_frames(const PixelKeypoints& keypoints,
                                         const std::vector<FrameObjects>& objects,
                                         double keypoint_area);

VideoMetrics video_metrics(const std::vector<FrameMetrics>& frames);

// Both in one.
VideoMetrics measure_video(const PixelKeypoints& keypoints,
                           const std::vector<FrameObjects>& objects, double keypoint_area);

// A_k as the paper suggests it: the mean over videos of the mean over frames of the mean area of
// the frame's objects, pixels. The published value for CLEVRER at 480x320 is below. NaN where no
// frame has an object.
double mean_object_area(const std::vector<std::vector<FrameObjects>>& videos);

inline constexpr double kClevrerKeypointArea = 1796.8;  // pixels of 480x320

}  // namespace mint::perception
