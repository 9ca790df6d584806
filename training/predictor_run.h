// Keypoint predictors as runs keep them: `mint fit-dynamics` leaves a checkpoint that holds the
// predictor and the detector that it was trained on, under the prefixes "predictor" and "detector",
// with both configurations.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dynamics/keypoint_predictor.h"
#include "perception/detector.h"
#include "perception/detector_registry.h"
#include "training/checkpoint.h"
#include "training/dynamics_config.h"

namespace mint::training {

struct LoadedPredictor {
  std::shared_ptr<dynamics::KeypointPredictor> predictor;  // in evaluation mode
  std::shared_ptr<perception::Detector> detector;          // that it was trained on
};

// The predictor of a run of `mint fit-dynamics` (or of one of its checkpoints). Throws
// std::runtime_error.
LoadedPredictor load_predictor(const std::string& run);

// What a checkpoint of a predictor holds.
std::vector<ModelPart> predictor_parts(dynamics::KeypointPredictor& predictor,
                                       perception::Detector& detector);

// What a predictor's checkpoint says of itself: the configuration of the run and of its detector.
struct PredictorRunConfig {
  DynamicsConfig dynamics;
  std::string detector = "mint";
  perception::DetectorConfig detectors;
};
void fields(Fields& f, PredictorRunConfig& c);

}  // namespace mint::training
