// Settings of `mint fit-dynamics`.
#pragma once

#include <cstdint>
#include <string>

#include "dynamics/keypoint_predictor_config.h"
#include "training/config.h"
#include "training/episode_selection.h"
#include "training/pretrain_config.h"

namespace mint::training {

struct DynamicsConfig {
  DataConfig data;              // as of `mint pretrain`
  TrainingVideos videos;        // the same
  int64_t held_out_videos = 5;  // to measure on, where `data` is no demonstration file; 0: all left
  std::string detector;         // run directory of `mint pretrain`
  double detect_gamma = 0;      // activation threshold of the detector; 0: the detector's own
  std::string output;           // new run directory; runs/dynamics, -2, -3 … when empty
  dynamics::KeypointPredictorConfig predictor;

  int64_t steps = 4000;
  int64_t batch = 32;               // windows per step
  std::string optimiser = "adamw";  // or "adam" (L2 added to the gradient)
  double learning_rate = 1e-3;      // at most
  double warmup = 0;                // share of the steps in which it rises from 0
  double cooldown = 1;              // in which it falls to 0 along a cosine; at most what is left
  double weight_decay = 1e-4;
  double gradient_clip = 10;       // global L2 norm
  double ema = 0;                  // decay of the averaged weights, which are kept; 0: the last
  int64_t checkpoint_every = 500;  // steps; 0: only at the end. Decides no result
  uint64_t seed = 0;
};

void fields(Fields& f, DynamicsConfig& c);
void fitting_fields(Fields& f, DynamicsConfig& c);  // those of them that say how it is trained
void fields(Fields& f, dynamics::KeypointPredictorConfig& c);

}  // namespace mint::training
