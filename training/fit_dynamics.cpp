#include "training/fit_dynamics.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>

#include <torch/torch.h>

#include "envs/random.h"
#include "training/averaged_weights.h"
#include "training/checkpoint.h"
#include "training/environment_report.h"
#include "training/interrupt.h"
#include "training/learning_rate.h"
#include "training/optimiser_step.h"
#include "training/predictor_run.h"
#include "training/run_directory.h"
#include "training/shuffled_batches.h"
#include "training/stopwatch.h"

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

// Means of the loss terms over the steps between two lines of the log.
class LossLog {
 public:
  LossLog(const RunDirectory& run, int64_t steps) : run_(run), steps_(steps) {}

  void add(int64_t step, const dynamics::PredictorLosses& losses, double gradient_norm) {
    sums_["gradient_norm"] += gradient_norm;
    sums_["joint"] += losses.joint.item<double>();
    sums_["total"] += losses.total.item<double>();
    sums_["unrolled"] += losses.unrolled.item<double>();
    if (++summed_ < kPredictorLogEvery && step != steps_) return;
    NamedValues means;
    for (const auto& [name, sum] : sums_) means.emplace_back(name, sum / summed_);
    run_.log_metrics(step, means);
    char text[48];
    std::snprintf(text, sizeof text, "loss %.4g", sums_.at("total") / summed_);
    note_ = text;
    sums_.clear();
    summed_ = 0;
  }

  const std::string& note() const { return note_; }

 private:
  const RunDirectory& run_;
  int64_t steps_;
  std::map<std::string, double> sums_;
  int summed_ = 0;
  std::string note_;
};

// Returns the steps done: fewer than config.steps when a signal asks to stop. The predictor is left
// in evaluation mode, with the averaged weights where config.ema asks for them.
int64_t train_predictor(dynamics::KeypointPredictor& predictor, const KeypointVideos& videos,
                        const DynamicsConfig& config, const RunDirectory& run,
                        const OnProgress& on_progress) {
  const auto parameters = predictor.parameters();
  const auto optimiser =
      make_optimiser(config.optimiser, parameters, config.learning_rate, config.weight_decay);
  AveragedWeights average(predictor, config.ema);
  ShuffledBatches batches(predictor_windows(videos, config.predictor), config.batch,
                          envs::derive_seed(config.seed, "windows"));
  LossLog log(run, config.steps);
  const double cooldown = std::min(config.cooldown, 1 - config.warmup);
  int64_t step = 0;
  predictor.train();
  while (step < config.steps && !is_interrupted()) {
    const double factor = learning_rate_factor(step, config.steps, config.warmup, cooldown);
    set_learning_rate(*optimiser, config.learning_rate * factor);
    const auto losses = predictor.losses(gather_windows(videos, batches.next(), config.predictor));
    ++step;
    const double norm = optimiser_step(losses.total, *optimiser, parameters, config.gradient_clip,
                                       "fit-dynamics: step " + std::to_string(step));
    average.update();
    log.add(step, losses, norm);
    on_progress({"fit-dynamics", "steps", step, config.steps, log.note()});
  }
  average.exchange();
  predictor.eval();
  return step;
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

FittedDynamics fit_keypoint_predictor(const DynamicsConfig& config, const OnProgress& on_progress) {
  const auto loaded = read_detector(config.detector, config.detect_gamma);
  const auto predictor = make_predictor(config, loaded);
  require_keypoint_videos(config, loaded);
  PredictorRunConfig kept;
  kept.dynamics = config;
  kept.detector = loaded.kind;
  kept.detectors = loaded.config;
  const auto config_text = dump_config(kept);
  const auto run = RunDirectory::create(config.output, config_text, environment_text());
  const auto videos = read_keypoint_videos(config, loaded, on_progress);

  const Stopwatch time;
  const int64_t steps = train_predictor(*predictor, videos.train, config, run, on_progress);
  run.log_timings(steps, {{"training_s", time.seconds()}});
  save_run_checkpoint(run.path(), predictor_parts(*predictor, *loaded.detector), config_text,
                      {steps, "", {}, {}}, /*keep=*/2);
  if (steps < config.steps) throw Interrupted();

  FittedDynamics fitted{run.path(), {}};
  if (videos.held_out.empty()) return fitted;
  fitted.errors = forecast_errors(*predictor, videos.held_out, loaded.detector->height(),
                                  loaded.detector->width());
  log_errors(run, steps, fitted.errors);
  return fitted;
}

}  // namespace mint::training
