// The smallest study over videos, as the tests of its parts see it.
#pragma once

#include "training/study_cell.h"

namespace mint::training {

inline StudyConfig small_study_config() {
  StudyConfig config;
  config.data = {"magical"};
  config.tasks = {"MoveToRegion"};
  config.train_videos = config.test_videos = 1;
  config.seeds = 2;
  return config;
}

inline StudyTests one_test_video() {
  StudyTests tests;
  tests.count = 1;
  tests.keypoint_area = 100;
  return tests;
}

}  // namespace mint::training
