// Keypoints of a whole video, as `mint detect` finds and writes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perception/pixel_keypoints.h"

namespace mint::training {

// A part of the image, pixels. Without a width all of it.
struct Crop {
  int64_t x = 0, y = 0, width = 0, height = 0;
};

struct DetectedKeypoints {
  std::string label;                     // of the detector, for people
  std::string run;                       // its folder
  perception::PixelKeypoints keypoints;  // of the chosen frames, pixels of the video
};

struct DetectedVideo {
  std::string file;
  int64_t height = 0, width = 0;  // pixels of the video
  Crop crop;                      // what the detectors saw; the whole image without a choice
  double frames_per_s = 0;        // of the video; 0: unknown
  int64_t announced_frames = 0;   // as the header says; 0: unknown
  int64_t decoded_frames = 0;     // that were read
  bool is_whole = true;           // read until nothing more decodes
  std::vector<int64_t> frames;    // numbers of the chosen ones
  std::vector<DetectedKeypoints> detectors;
};

}  // namespace mint::training
