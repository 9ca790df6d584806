// `mint fit-dynamics` as a function: videos and a frozen detector in, the run of a keypoint
// predictor out.
#pragma once

#include <filesystem>
#include <vector>

#include "training/dynamics_config.h"
#include "training/forecast_error.h"
#include "training/job_progress.h"
#include "training/run_directory.h"

namespace mint::training {

struct FittedDynamics {
  std::filesystem::path run;
  std::vector<ForecastError> errors;  // on held-out videos; empty without any
};

// Creates config.output, which must not be empty, and leaves there the run: metrics (loss terms, at
// the end the errors on held-out videos) and a checkpoint with the predictor and its detector. The
// same configuration and data give the same weights and metrics, also when the training was stopped
// at any moment and resumed. When a signal asks to stop it saves what it has and throws
// Interrupted; before the training, while the detector looks at the videos, that is no checkpoint,
// but the keypoints stay in the cache. Throws ConfigError when predictor and detector disagree in K
// and for predictor settings that do not go together.
FittedDynamics fit_keypoint_predictor(const DynamicsConfig& config, const OnProgress& on_progress,
                                      Start start = Start::kNew);

}  // namespace mint::training
