// A generated data set of colliding solids (envs/collisions.h) in CLEVRER's files
// (metrics_datasets.md, section 4); training/clevrer.h reads it like the original:
//
//   video_train/video_00000-01000/video_00000.mp4, ...      validation from 10000, test from 15000
//   annotation_train/annotation_00000-01000/annotation_00000.json     not for test, as in CLEVRER
//   derender_proposals/proposal_00000.json, ...             true masks of what is visible, score 1
//   collisions.json                                         seed and scene settings
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "envs/collisions.h"

namespace mint::training {

struct CollisionsOutputConfig {
  envs::CollisionsConfig scene;
  int train = 20;        // videos, at most 10000
  int validation = 0;    // at most 5000
  int test = 100;        // at most 5000
  uint64_t seed = 0;     // of the data set; a video depends on it and its index alone
  int jobs = 1;          // videos made at once
  bool resumes = false;  // keep the videos that are there
};

struct CollisionsOutputSummary {
  int written = 0;  // videos
  int kept = 0;     // that were there already
};

// Writes what is missing. A video's proposals come last, so that a video with proposals is whole.
// `on_video` hears how many videos are there after each, from one thread at a time. When told to
// stop it throws Interrupted; finished videos stay. Throws std::runtime_error when `root` is not
// empty (unless it resumes a data set of the same seed and settings) and when files cannot be
// written, std::invalid_argument for counts out of range.
CollisionsOutputSummary write_collisions(const std::filesystem::path& root,
                                         const CollisionsOutputConfig& config,
                                         const std::function<void(int done)>& on_video);

}  // namespace mint::training
