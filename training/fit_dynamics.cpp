#include "training/fit_dynamics.h"

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>

#include <torch/torch.h>

#include "envs/random.h"
#include "training/environment_report.h"
#include "training/interrupt.h"
#include "training/optimisation.h"
#include "training/predictor_run.h"
#include "training/shuffled_batches.h"
#include "training/step_means.h"
#include "training/stopwatch.h"
#include "training/training_run.h"

namespace mint::training {
namespace {

constexpr int64_t kPredictorLogEvery = 20;  // steps

std::shared_ptr<dynamics::KeypointPredictor> make_predictor(const DynamicsConfig& config,
                                                            const LoadedDetector& loaded) {
  std::shared_ptr<dynamics::KeypointPredictor> predictor;
  try {
    predictor = std::make_shared<dynamics::KeypointPredictor>(
        config.predictor, envs::derive_seed(config.seed, "predictor"));
  } catch (const std::invalid_argument& error) {
    throw ConfigError(error.what());
  }
  const int64_t expected = loaded.detector->keypoints();
  if (config.predictor.keypoints != expected) {
    throw ConfigError(
        "fit-dynamics: predictor and detector: expected the same number of keypoints, got " +
        std::to_string(config.predictor.keypoints) + " in the predictor and " +
        std::to_string(expected) +
        " in the detector; set predictor.keypoints=" + std::to_string(expected));
  }
  return predictor;
}

NamedValues values_of(const dynamics::PredictorLosses& losses) {
  return {{"joint", losses.joint.item<double>()},
          {"total", losses.total.item<double>()},
          {"unrolled", losses.unrolled.item<double>()}};
}

// All of both, for their checksum.
std::vector<torch::Tensor> tensors_of(const KeypointVideoSplit& split) {
  std::vector<torch::Tensor> tensors;
  for (const KeypointVideos* videos : {&split.train, &split.held_out}) {
    tensors.insert(tensors.end(), {videos->keypoints.xy, videos->keypoints.active, videos->actions,
                                   torch::tensor(videos->starts)});
  }
  return tensors;
}

// What a checkpoint holds.
struct Fitting {
  std::shared_ptr<dynamics::KeypointPredictor> predictor;
  std::vector<ModelPart> parts;
  Optimisation optimisation;
  StepMeans means;
};

// The predictor is left in evaluation mode, with the averaged weights where config.ema asks for
// them, as every checkpoint has it. Throws Interrupted, once it is saved, when a signal asks to
// stop.
void train_predictor(Fitting& fitting, const KeypointVideos& videos, const DynamicsConfig& config,
                     const TrainingRun& run, const OnProgress& on_progress) {
  dynamics::KeypointPredictor& predictor = *fitting.predictor;
  Optimisation& optimisation = fitting.optimisation;
  StepMeans& means = fitting.means;
  const auto windows = predictor_windows(videos, config.predictor);
  ShuffledBatches batches(windows, config.batch, envs::derive_seed(config.seed, "windows"));
  batches.seek(optimisation.steps());
  const auto save = [&] {
    auto state = optimisation.state();
    state.merge(means.state());
    run.save(fitting.parts, optimisation.steps(), std::move(state));
  };

  std::string note;
  run.train([&] {
    predictor.train();
    while (!optimisation.is_done()) {
      optimisation.exchange_average();
      const auto sample = gather_windows(videos, batches.next(), config.predictor);
      const auto losses = predictor.losses(sample);
      auto values = values_of(losses);
      values.emplace_back("gradient_norm", optimisation.step(losses.total, values));
      optimisation.exchange_average();
      means.add(values);
      const int64_t step = optimisation.steps();
      if (means.steps() == kPredictorLogEvery || optimisation.is_done()) {
        const auto logged = means.take();
        run.directory().log_metrics(step, {logged.begin(), logged.end()});
        char text[48];
        std::snprintf(text, sizeof text, "loss %.4g", logged.at("total"));
        note = text;
      }
      on_progress({"fit-dynamics", "steps", step, config.steps, note});
      const bool is_due = config.checkpoint_every > 0 && step % config.checkpoint_every == 0;
      const bool must_stop = !optimisation.is_done() && is_interrupted();
      if (is_due || must_stop || optimisation.is_done()) save();
      if (must_stop) throw Interrupted();
    }
  });
  predictor.eval();
}

void log_errors(const RunDirectory& run, int64_t step, const std::vector<ForecastError>& errors) {
  NamedValues values;
  for (const ForecastError& error : errors) {
    const std::string ahead = "_px_" + std::to_string(error.horizon);
    values.emplace_back("predicted" + ahead, error.at_once);
    values.emplace_back("unrolled" + ahead, error.unrolled);
    values.emplace_back("copied" + ahead, error.copied);
    values.emplace_back("constant_velocity" + ahead, error.constant_velocity);
  }
  run.log_metrics(step, values);
}

}  // namespace

FittedDynamics fit_keypoint_predictor(const DynamicsConfig& config, const OnProgress& on_progress,
                                      Start start) {
  const auto loaded = read_detector(config.detector, config.detect_gamma);
  const auto predictor = make_predictor(config, loaded);
  require_keypoint_videos(config, loaded);
  PredictorRunConfig kept;
  kept.dynamics = config;
  kept.detector = loaded.kind;
  kept.detectors = loaded.config;
  TrainingRun run(config.output, dump_config(kept), environment_text(), start);
  Fitting fitting{predictor,
                  predictor_parts(*predictor, *loaded.detector),
                  {*predictor, optimisation_of(config), "fit-dynamics"},
                  {}};
  run.restore(fitting.parts, [&](const TrainingState& s) {
    fitting.optimisation.load(s.tensors, s.step);
    fitting.means.load(s.tensors);
  });
  const auto videos = read_keypoint_videos(config, loaded, on_progress);  // by the run's detector
  run.learn_from(tensors_of(videos));

  const Stopwatch time;
  train_predictor(fitting, videos.train, config, run, on_progress);
  run.directory().log_timings(config.steps, {{"training_s", time.seconds()}});

  FittedDynamics fitted{run.path(), {}};
  if (videos.held_out.empty()) return fitted;
  fitted.errors = forecast_errors(*predictor, videos.held_out, loaded.detector->height(),
                                  loaded.detector->width());
  log_errors(run.directory(), config.steps, fitted.errors);
  return fitted;
}

}  // namespace mint::training
