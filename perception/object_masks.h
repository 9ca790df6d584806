// Which objects are known in a frame, and where: what keypoints are measured against.
#pragma once

#include <vector>

#include "perception/run_length_mask.h"

namespace mint::perception {

struct ObjectMask {
  int object = 0;      // identity, stable over the video
  RunLengthMask mask;  // of the size at which keypoints are measured
};

// The objects listed in one frame, each at most once; masks may be empty and may overlap.
using FrameObjects = std::vector<ObjectMask>;

}  // namespace mint::perception
