// `mint study dynamics`: all cells of Table 2, its tables, and how far imagination goes.
#pragma once

#include <string>
#include <vector>

#include "training/report.h"
#include "training/study.h"
#include "training/study_config.h"

namespace mint::training {

// Prediction success 1, 2 and 3 frames ahead of each method's keypoints: by the predictor at once
// and unrolled, by staying and by constant velocity; the detector's DOP on the same frames and the
// success as a share of it; the paper's row, which was made with a leak.
Table dynamics_table(const StudyResults& results);

// The same over objects that move by more than a pixel a frame, and over the others.
Table motion_table(const StudyResults& results);

// One sentence a method: whether the predictor beats both references over moving objects.
std::vector<std::string> dynamics_verdicts(const StudyResults& results);

// method,seed,video and every value of training/dynamics_cell.h.
std::string dynamics_csv(const StudyResults& results);

// Computes the cells of this shard that are not done, `jobs` at once, and writes table.txt,
// scores.csv, report.html and one horizons_<method>.svg a method. Throws as run_study().
StudyOutcome run_dynamics_study(const StudyConfig& config);

}  // namespace mint::training
