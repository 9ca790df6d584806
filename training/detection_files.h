// The files of keypoints that `mint detect` leaves for other programs.
#pragma once

#include <string>

#include "training/detected_video.h"

namespace mint::training {

// A line for every detector, frame and keypoint below a header:
// `detector,frame,keypoint,x,y,active`; x and y in pixels of the video, x right, y down.
std::string keypoints_csv(const DetectedVideo& video);

// {"video", "width", "height", "frames_per_s", "crop": [x, y, width, height], "frames": [T],
// "detectors": [{"name", "run", "xy": [T][K][2], "active": [T][K]}]}
std::string keypoints_json(const DetectedVideo& video);

}  // namespace mint::training
