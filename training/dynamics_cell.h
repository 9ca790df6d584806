// One cell of `mint study dynamics`: a keypoint predictor on a detector's keypoints, fitted with
// one seed and scored on the test videos. Kept like the cells of the other studies (study_cell.h),
// whose detectors it shares.
//
//   <cells>/<hash>/scores.json             written last: the cell is done
//   <cells>/<hash of fitting>/predictor/   the run of `mint fit-dynamics`
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dynamics/keypoint_predictor.h"
#include "perception/keypoints.h"
#include "training/study_cell.h"

namespace mint::training {

struct DynamicsCell {
  StudyCell scored;              // its detector, where its scores are kept
  DynamicsConfig fit;            // of the predictor on that detector's keypoints
  std::filesystem::path fitted;  // <cells>/<hash of fitting>
};

// Row by row, each row with its seeds. With one detector for all, the first seed's.
std::vector<DynamicsCell> dynamics_cells(const std::vector<StudyRow>& rows,
                                         const StudyConfig& config, const StudyTests& tests);

// Trains the detector, fits the predictor and scores unless that is done; as run_cell().
CellScores run_dynamics_cell(const DynamicsCell& cell, const StudyTests& tests,
                             const OnProgress& on_progress);

// What is measured of: the predictor's horizons at once and its unrolled steps, a copy of the last
// positions, constant velocity.
extern const std::vector<std::string> kForecasts;  // predicted, unrolled, copied, constant_velocity

constexpr int64_t kScoredHorizons = 3;  // of Table 2
constexpr int64_t kLongHorizons = 20;   // of imagination

// Of one test video with masks, for h = 1..3 and every forecast:
//   success_<forecast>_<h>, moving_<forecast>_<h>, resting_<forecast>_<h>
//                 prediction success over all, moving and resting objects
//                 (perception/prediction_success.h)
//   dop_<h>       the detector's share of detected objects on the same target frames
// and for h = 1..20, from every fourth frame on:
//   error_<forecast>_<h>   mean distance to where the detector then finds the keypoint, pixels of
//                 the masks, of keypoints that are active in both frames; not of "predicted"
VideoScore score_forecasts(dynamics::KeypointPredictor& predictor,
                           const perception::Keypoints& keypoints, const VideoClip& video);

}  // namespace mint::training
