// One cell of a study: a detector trained with one seed and scored on the test videos. Cells are
// kept under the hash of everything that decides their result, so that studies share them and a
// study that was stopped goes on where it was.
//
//   <cells>/<hash>/config.yaml   what was hashed: the configuration, the videos, A_k
//   <cells>/<hash>/lock          held by the process that computes it
//   <cells>/<hash>/scores.json   written last: the cell is done
//
// Training does not depend on the tests, nor on the threshold of the frozen detector: cells that
// differ in these alone share it.
//
//   <cells>/<hash of training>/detector/     the run of `mint pretrain`
//   <cells>/<hash of training>/trained.txt   its seconds, written last
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "perception/detector.h"
#include "training/job_progress.h"
#include "training/run_directory.h"
#include "training/study_config.h"
#include "training/video_set.h"

namespace mint::training {

// Of one test video: dop, top, top_first_frame_zero, uak, frames_without_objects, dak_product,
// dak_mean, dak_deviation (perception/keypoint_metrics.h), released_dop, released_top,
// released_uak, released_dak (perception/released_metrics.h; absent from cells of earlier
// versions), active (active keypoints a frame) and active_objects_correlation (Pearson's, of active
// keypoints and visible objects over the frames). What is undefined is NaN.
struct VideoScore {
  std::string video;
  NamedValues values;
};

// `video` has masks; `keypoint_area` is A_k in pixels of them. They may be larger than the frames.
VideoScore score_video(perception::Detector& detector, const VideoClip& video,
                       double keypoint_area);

struct CellScores {
  std::vector<VideoScore> videos;
  std::vector<std::string> skipped;  // test videos that could not be used, with the reason
  double training_s = 0;             // wall time
  double evaluation_s = 0;
};

struct StudyCell {
  std::string row;
  uint64_t seed = 0;
  PretrainConfig pretrain;
  std::string content;             // what decides the result
  std::filesystem::path folder;    // <cells>/<hash>
  std::filesystem::path training;  // <cells>/<hash of training>
};

// The trained detector of a cell, with its threshold.
std::shared_ptr<perception::Detector> read_detector(const StudyCell& cell);

// The test videos of a study and the mean area of an object in them, looked at once.
struct StudyTests {
  VideoSources sources;
  int64_t count = 0;         // of them that are scored
  double keypoint_area = 0;  // A_k
};
StudyTests study_tests(const StudyConfig& config, const OnProgress& on_progress);

// All cells, row by row, each row with its seeds.
std::vector<StudyCell> study_cells(const std::vector<StudyRow>& rows, const StudyConfig& config,
                                   const StudyTests& tests);

bool is_done(const StudyCell& cell);

// Trains and scores unless the cell is done. Of a cell that was stopped the training goes on from
// its newest checkpoint, the scoring starts again. Waits, and reports so, while another process
// computes it. Throws Interrupted when a signal asks to stop.
CellScores run_cell(const StudyCell& cell, const StudyTests& tests, const OnProgress& on_progress);

CellScores read_scores(const StudyCell& cell);

// The steps of run_cell, for cells that train more than a detector.
//
// Trains the cell's detector unless that is done; the seconds it took.
double train_detector(const StudyCell& cell, const StudyTests& tests,
                      const OnProgress& on_progress);

// Scores the test videos one after the other. Videos that `score` throws std::runtime_error for are
// skipped, with the reason. Throws std::runtime_error when none is left.
using ScoreVideo = std::function<VideoScore(const VideoClip&)>;
CellScores score_videos(const StudyCell& cell, const StudyTests& tests, const ScoreVideo& score,
                        const OnProgress& on_progress);

// Height and width of a video's masks, or of its frames where it has none, pixels.
std::array<int64_t, 2> mask_size(const VideoClip& video);

// Computes the cell with `compute` unless it is done, under its lock, and keeps the scores.
CellScores compute_once(const StudyCell& cell, const StudyTests& tests,
                        const OnProgress& on_progress, const std::function<CellScores()>& compute);

}  // namespace mint::training
