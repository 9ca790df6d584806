// Numbers that others measured of a video's frames, to compare keypoints with: how much moves, how
// many objects there are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perception/object_masks.h"

namespace mint::training {

struct FrameSeries {
  std::string name;            // "foreground_fraction"
  std::vector<double> values;  // by number of the frame in the video; NaN: unknown
};

// Every list of numbers in a JSON object, one series under its key each, in alphabetical order; or
// one list of numbers, which is called "activity". Null is NaN. Throws std::runtime_error
// `file: what` for anything else.
std::vector<FrameSeries> read_frame_series(const std::string& file);

// "visible objects": how many of a frame's objects have a mask that is not empty.
FrameSeries visible_objects(const std::vector<perception::FrameObjects>& objects);

// The values of these frames. Throws std::runtime_error when the series ends before one of them.
std::vector<double> values_at(const FrameSeries& series, const std::vector<int64_t>& frames);

}  // namespace mint::training
