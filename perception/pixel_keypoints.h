// The keypoints of one video in pixels, as the metrics read them. Free of torch;
// perception/keypoints_in_pixels.h makes them of a detector's.
#pragma once

#include <cstdint>
#include <vector>

#include "perception/object_masks.h"

namespace mint::perception {

struct PixelKeypoints {
  int64_t height = 0, width = 0;  // pixels of the image and of the masks
  int64_t frames = 0;             // T
  int64_t keypoints = 0;          // K
  std::vector<double> xy;         // [T, K, 2], x right, y down; may lie outside the image
  std::vector<uint8_t> active;    // [T, K], 0 or 1

  bool is_active(int64_t frame, int64_t keypoint) const {
    return active[static_cast<size_t>(frame * keypoints + keypoint)] != 0;
  }
  const double* at(int64_t frame, int64_t keypoint) const {  // x, y
    return &xy[static_cast<size_t>((frame * keypoints + keypoint) * 2)];
  }
};

// Whether the pixel that holds the point is in the mask: column floor(x), row floor(y). A point
// outside the image, or one that is not finite, is not.
bool contains_point(const RunLengthMask& mask, const double xy[2]);

// I(i, o, t): whether the keypoint is active and inside the mask.
bool is_inside(const PixelKeypoints& keypoints, int64_t frame, int64_t keypoint,
               const RunLengthMask& mask);

// Throws std::invalid_argument, `where` first, when the sizes of the buffers disagree, or `objects`
// has not one entry a frame, masks of another size than the image or an object twice in a frame.
void require_consistent(const char* where, const PixelKeypoints& keypoints,
                        const std::vector<FrameObjects>& objects);

}  // namespace mint::perception
