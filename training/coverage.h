// How well a detector's keypoints cover what matters, against ground-truth masks: expert rollouts
// drawn with instance ids.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perception/detector.h"

namespace mint::training {

// Means over frames. An entity counts when an active keypoint's pixel lies in its mask; `near`
// allows one pixel (of 96) beside the mask, because entropy lies along edges. NaN without blocks.
struct Coverage {
  std::string task;
  int64_t frames = 0;
  double robot = 0;   // share of frames in which the robot counts
  double blocks = 0;  // mean share of the blocks
  double robot_near = 0;
  double blocks_near = 0;
  double active = 0;  // active keypoints per frame
};

// Over one Demo episode of the task's expert per seed.
Coverage measure_coverage(perception::Detector& detector, const std::string& task,
                          const std::vector<uint64_t>& seeds);

// The rollouts that are looked at by default: three a task, apart from any that trained.
std::vector<uint64_t> coverage_seeds(uint64_t root_seed);

// One line a task: "MoveToCorner: robot 1.000 (within 1 px: 1.000), blocks 0.987 (…), …"; without
// the blocks where there are none.
std::string to_line(const Coverage& coverage);

}  // namespace mint::training
