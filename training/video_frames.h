// The frames of one video file or folder of pictures, selected and resized as the data sets want
// them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

namespace mint::training {

struct FrameSelection {
  int64_t height = 0, width = 0;            // resized to this, after cropping; 0: as it is
  std::array<int64_t, 2> columns = {0, 0};  // cut to [first, end) first; {0, 0}: all
  std::array<int64_t, 2> frames = {0, 0};   // only [first, end); {0, 0}: all
  int64_t every = 1;                        // of those, every n-th
  int64_t count = 0;                        // of those, so many evenly spaced; 0 or too many: all
};

// round(linspace(0, available - 1, wanted)), halves to even; all of them when there are no more.
// (The reference drops the last frame then.)
std::vector<int64_t> evenly_spaced(int64_t available, int64_t wanted);

// "file: its header says 444 frames, 68 decode", or nothing when it is as the header says or the
// selection ends before.
std::string header_note(const std::string& video_file, const FrameSelection& selection,
                        int64_t announced, int64_t decoded);

struct VideoFrames {
  torch::Tensor frames;  // uint8 [T, 3, H, W], RGB
  int64_t decoded = 0;   // of the file, up to the end of the selection's range
  std::string note;      // as above
};

// The frames that the selection takes of a video of `available` frames.
std::vector<int64_t> selected_frames(const FrameSelection& selection, int64_t available);

// Reducing takes area averages of whole ratios (as MAGICAL's frames are
// reduced), anything else is bilinear with half-pixel centres. Throws std::runtime_error
// `file: …` when nothing decodes or the selection leaves nothing.
VideoFrames read_frames(const std::string& video_file, const FrameSelection& selection);

// The same of pictures, frames alone, (.jpg, .png), in the order given.
torch::Tensor read_pictures(const std::vector<std::string>& files, const FrameSelection& selection);

}  // namespace mint::training
