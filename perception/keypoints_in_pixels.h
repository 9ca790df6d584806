// From a detector's keypoints, fractions of the image, to the metrics' pixels.
#pragma once

#include "perception/keypoints.h"
#include "perception/pixel_keypoints.h"

namespace mint::perception {

// The N images are the frames of one video; height and width are those of the masks, pixels. A soft
// status above 0.5 is active.
PixelKeypoints keypoints_in_pixels(const Keypoints& keypoints, int64_t height, int64_t width);

}  // namespace mint::perception
