// The frames of demonstrations moved a little, mirrored, and seen by the frozen detector: its real
// noise and changes of index instead of a guessed one (spec agents_dynamics.md, C.1 and C.6).
#pragma once

#include <cstdint>
#include <vector>

#include <torch/types.h>

#include "perception/keypoints.h"

namespace mint::training {

// How the frames of one copy are moved about their centre.
struct FrameMotion {
  double shift_x_px = 0, shift_y_px = 0;
  double rotation_rad = 0;   // clockwise as seen, after the mirroring
  bool is_mirrored = false;  // left and right
};

struct CopiesConfig {
  int64_t copies = 0;       // moved ones, besides the frames as recorded
  double shift_px = 2;      // at most, along each side
  double rotation_deg = 3;  // at most, either way
  bool mirrors = false;     // every copy, moved or not, once more in the mirror
};

// Of all copies, the recorded one first. The same seed gives the same motions.
std::vector<FrameMotion> draw_motions(const CopiesConfig& config, uint64_t seed);

// frames uint8 [F, 3, H, W] moved, bilinear; what comes from outside repeats the border.
torch::Tensor move_frames(const torch::Tensor& frames, const FrameMotion& motion);

// Keypoints found in moved frames, in the coordinates of the frames as recorded, but for the
// mirroring, which stays: the policy learns the mirrored task with mirrored actions.
perception::Keypoints unmove(const perception::Keypoints& keypoints, const FrameMotion& motion,
                             int64_t height, int64_t width);

}  // namespace mint::training
