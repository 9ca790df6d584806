#include "training/predictor_run.h"

#include <stdexcept>

#include <torch/torch.h>

#include "training/agent.h"

namespace mint::training {

void fields(Fields& f, PredictorRunConfig& c) {
  f.group("dynamics", c.dynamics);
  f.field("detector", c.detector, one_of(perception::detector_names()), "kind of detector");
  fields(f, c.detectors);
}

std::vector<ModelPart> predictor_parts(dynamics::KeypointPredictor& predictor,
                                       perception::Detector& detector) {
  return {{"predictor", &predictor}, {"detector", &detector.module()}};
}

LoadedPredictor load_predictor(const std::string& run) {
  const auto checkpoint = find_checkpoint(run);
  const std::string name = (checkpoint / "config.yaml").string();
  const std::string text = read_checkpoint_config(checkpoint);
  if (trained_thing(text) != "keypoint predictor") {
    throw std::runtime_error(
        name + ": expected the run of a keypoint predictor (mint fit-dynamics), got a " +
        trained_thing(text) + "'s");
  }
  const auto config = parse_config<PredictorRunConfig>(text, name);
  LoadedPredictor loaded;
  loaded.predictor = std::make_shared<dynamics::KeypointPredictor>(config.dynamics.predictor,
                                                                   /*seed=*/0);
  loaded.detector = perception::make_detector(config.detector, config.detectors, /*seed=*/0);
  load_model(checkpoint, predictor_parts(*loaded.predictor, *loaded.detector));
  loaded.predictor->eval();
  return loaded;
}

}  // namespace mint::training
