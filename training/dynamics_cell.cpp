#include "training/dynamics_cell.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <torch/torch.h>

#include "perception/keypoints_in_pixels.h"
#include "perception/prediction_success.h"
#include "training/agent.h"
#include "training/cell_lock.h"
#include "training/content_hash.h"
#include "training/fit_dynamics.h"
#include "training/forecast_error.h"
#include "training/keypoint_cache.h"
#include "training/predictor_run.h"
#include "training/train_once.h"

namespace mint::training {
namespace {

using torch::Tensor;

constexpr int64_t kLongStride = 4;  // frames between two long forecasts

int64_t keypoints_of(const PretrainConfig& config) {
  if (config.detector == "transporter") return config.detectors.transporter.keypoints;
  if (config.detector == "video_structure") return config.detectors.video_structure.keypoints;
  return config.detectors.mint.keypoints;
}

// Every `stride`-th window of `length` frames of all [F, ...]: [N, length, ...].
Tensor windows_of(const Tensor& all, int64_t length, int64_t stride) {
  const Tensor first = torch::arange(0, all.size(0) - length + 1, stride);
  const Tensor frames = (first.unsqueeze(1) + torch::arange(length)).flatten();
  return all.index_select(0, frames).unflatten(0, {first.size(0), length});
}

// Positions [N, F, K, 2], fractions of the image, of forecasts made at frames history - 1, ...
perception::PredictedKeypoints in_pixels(const Tensor& forecast, int64_t history, int64_t height,
                                         int64_t width) {
  const Tensor size = torch::tensor({width, height}, torch::kDouble);
  const Tensor xy = forecast.transpose(1, 2).to(torch::kDouble) * size;  // [N, K, F, 2]
  const Tensor unread = torch::zeros({history - 1, xy.size(1), xy.size(2), 2}, torch::kDouble);
  const Tensor whole = torch::cat({unread, xy}).contiguous();
  return {history,
          forecast.size(1),
          {whole.data_ptr<double>(), whole.data_ptr<double>() + whole.numel()}};
}

// Every forecast of the windows, [N, frames, K, 2].
std::map<std::string, Tensor> forecasts(dynamics::KeypointPredictor& predictor, const Tensor& xy,
                                        const Tensor& active, int64_t frames) {
  const Tensor newest = xy.narrow(1, xy.size(1) - 1, 1);
  return {{"unrolled", predictor.unroll(xy, active, frames)},
          {"copied", newest.expand({-1, frames, -1, -1})},
          {"constant_velocity", at_constant_velocity(xy, active, frames)}};
}

void add_errors(const Tensor& xy, const Tensor& active, int64_t height, int64_t width,
                dynamics::KeypointPredictor& predictor, NamedValues& values) {
  const int64_t history = predictor.config().history, length = history + kLongHorizons;
  if (xy.size(0) < length) return;
  const Tensor places = windows_of(xy, length, kLongStride);
  const Tensor statuses = windows_of(active, length, kLongStride);
  const Tensor known =
      statuses.narrow(1, history - 1, 1) * statuses.narrow(1, history, kLongHorizons);  // [N, F, K]
  const Tensor counts = known.sum(torch::IntArrayRef{0, 2});
  const Tensor size = torch::tensor({static_cast<double>(width), static_cast<double>(height)});
  const Tensor target = places.narrow(1, history, kLongHorizons);
  for (const auto& [name, forecast] : forecasts(predictor, places.narrow(1, 0, history),
                                                statuses.narrow(1, 0, history), kLongHorizons)) {
    const Tensor distance = ((forecast - target) * size).square().sum(3).sqrt();
    const Tensor means = (distance * known).sum(torch::IntArrayRef{0, 2}) / counts;
    for (int64_t h = 1; h <= kLongHorizons; ++h) {
      values.emplace_back("error_" + name + "_" + std::to_string(h), means[h - 1].item<double>());
    }
  }
}

}  // namespace

const std::vector<std::string> kForecasts = {"predicted", "unrolled", "copied",
                                             "constant_velocity"};

std::vector<DynamicsCell> dynamics_cells(const std::vector<StudyRow>& rows,
                                         const StudyConfig& config, const StudyTests& tests) {
  const std::filesystem::path folder(config.cells);
  const auto detectors = study_cells(rows, config, tests);
  std::vector<DynamicsCell> cells;
  for (size_t i = 0; i < detectors.size(); ++i) {
    const auto seeds = static_cast<size_t>(config.seeds);
    DynamicsCell cell{
        detectors[config.dynamics.is_one_detector ? i - i % seeds : i], config.dynamics.fit, {}};
    cell.scored.seed = detectors[i].seed;
    const PretrainConfig& pretrain = cell.scored.pretrain;
    cell.fit.data = pretrain.data;
    cell.fit.videos = pretrain.videos;
    cell.fit.held_out_videos = 1;
    cell.fit.predictor.keypoints = keypoints_of(pretrain);
    cell.fit.seed = cell.scored.seed;
    if (pretrain.detector == "mint") cell.fit.detect_gamma = pretrain.detectors.mint.detect_gamma;
    DynamicsConfig named = cell.fit;  // where the data lies decides nothing
    named.data.files = {"data"};
    const std::string fitting =
        dump_config(named) + "# detector " + cell.scored.training.filename().string() + "\n";
    cell.fitted = folder / content_hash(fitting);
    cell.scored.content = fitting + cell.scored.content;
    cell.scored.folder = folder / content_hash(cell.scored.content);
    cell.fit.detector = pretrain.output;
    cell.fit.output = (cell.fitted / "predictor").string();
    cells.push_back(cell);
  }
  return cells;
}

CellScores run_dynamics_cell(const DynamicsCell& cell, const StudyTests& tests,
                             const OnProgress& on_progress) {
  return compute_once(cell.scored, tests, on_progress, [&] {
    double training_s = train_detector(cell.scored, tests, on_progress);
    std::filesystem::create_directories(cell.fitted);
    {
      const CellLock lock(cell.fitted, [&] {
        on_progress(
            {"waits for another study: " + cell.fitted.string(), "videos", 0, tests.count, ""});
      });
      training_s += train_once(cell.fitted, cell.fit.output, [&] {
        fit_keypoint_predictor(cell.fit, on_progress, Start::kResume);
      });
    }
    const auto loaded = load_predictor(cell.fit.output);
    const auto detector = read_detector(cell.scored);
    const auto cache = std::filesystem::path(cell.scored.pretrain.output) / "keypoints";
    CellScores scores = score_videos(
        cell.scored, tests,
        [&](const VideoClip& video) {
          const auto keypoints = cached_keypoints(*detector, cell.fit.detect_gamma, video.frames,
                                                  cache, [](int64_t) {});
          return score_forecasts(*loaded.predictor, keypoints, video);
        },
        on_progress);
    scores.training_s = training_s;
    return scores;
  });
}

VideoScore score_forecasts(dynamics::KeypointPredictor& predictor,
                           const perception::Keypoints& keypoints, const VideoClip& video) {
  torch::NoGradGuard no_grad;
  const int64_t history = predictor.config().history;
  const Tensor xy = keypoints.xy.cpu().to(torch::kFloat32);
  const Tensor active = keypoints.active.cpu().gt(0.5).to(torch::kFloat32);
  if (xy.size(0) < history + kScoredHorizons) {
    throw std::runtime_error(video.name + ": expected at least " +
                             std::to_string(history + kScoredHorizons) + " frames, got " +
                             std::to_string(xy.size(0)));
  }
  const auto [height, width] = mask_size(video);
  const auto found = perception::keypoints_in_pixels(keypoints, height, width);

  const Tensor places = windows_of(xy, history, 1), statuses = windows_of(active, history, 1);
  auto all = forecasts(predictor, places, statuses, kScoredHorizons);
  const Tensor at_once = predictor.predict(places, statuses).transpose(1, 2);
  const int64_t joint = std::min(at_once.size(1), kScoredHorizons);
  all["predicted"] = torch::cat(
      {at_once.narrow(1, 0, joint), all.at("unrolled").narrow(1, joint, kScoredHorizons - joint)},
      1);
  VideoScore score{video.name, {}};
  for (int64_t h = 1; h <= kScoredHorizons; ++h) {
    score.values.emplace_back("dop_" + std::to_string(h),
                              perception::detected_share(found, video.objects, history - 1 + h));
  }
  for (const std::string& name : kForecasts) {
    const auto predicted = in_pixels(all.at(name), history, height, width);
    for (const auto& [what, motion] : {std::make_pair("success_", perception::Motion::kAny),
                                       std::make_pair("moving_", perception::Motion::kMoving),
                                       std::make_pair("resting_", perception::Motion::kResting)}) {
      const auto rates = perception::prediction_success(found, predicted, video.objects, motion);
      for (size_t h = 0; h < rates.size(); ++h) {
        score.values.emplace_back(what + name + "_" + std::to_string(h + 1), rates[h]);
      }
    }
  }
  add_errors(xy, active, height, width, predictor, score.values);
  return score;
}

}  // namespace mint::training
