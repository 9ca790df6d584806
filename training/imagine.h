// `mint imagine` as a function: a video or a demonstration with the keypoints that a predictor
// imagines from every frame on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "training/job_progress.h"

namespace mint::training {

struct ImagineConfig {
  std::string input;    // a video, or a demonstration file (.h5, .hdf5)
  int64_t episode = 0;  // of a demonstration file
  std::string run;      // of `mint fit-dynamics`
  std::string film;     // as perception::VideoWriter takes it
  int64_t frames = 10;  // imagined from each
};

// How far imagined keypoints are from where the detector then finds them: mean pixels of the input,
// over all frames and the keypoints that are active in both. NaN where there are none.
struct ImaginedError {
  int64_t horizon = 1;
  double imagined = 0;
  double stays = 0;  // every keypoint stays where it is
};

struct Imagination {
  std::string film;                   // written
  int64_t frames = 0;                 // of it
  std::vector<ImaginedError> errors;  // a row a frame ahead
};

// Every frame, enlarged if it is small, with its active keypoints and transparent future ones with
// their trajectories. A predictor with actions is told the demonstration's executed ones, as far as
// there are any. Throws std::runtime_error (ConfigError for a video without the actions that the
// predictor takes and for an episode that there is not), Interrupted when a signal asks to stop.
Imagination imagine(const ImagineConfig& config, const OnProgress& on_progress);

}  // namespace mint::training
