#include "training/pretrain.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <vector>

#include <torch/torch.h>

#include "envs/random.h"
#include "perception/overlay.h"
#include "training/checkpoint.h"
#include "training/environment_report.h"
#include "training/frame_dataset.h"
#include "training/interrupt.h"
#include "training/mint_objective.h"
#include "training/optimiser_step.h"
#include "training/run_directory.h"
#include "training/shuffled_batches.h"

namespace mint::training {
namespace {

// Held-out frames with keypoints: a row of evenly spaced frames for each episode.
void write_pictures(perception::Detector& detector, const std::vector<Episode>& episodes,
                    const std::string& file) {
  constexpr int64_t kColumns = 6;
  std::vector<torch::Tensor> pictures;
  for (const Episode& episode : episodes) {
    const auto frames = make_frame_dataset({episode}).frames;
    const auto keypoints = detector.detect(frames);
    for (int64_t column = 0; column < kColumns; ++column) {
      const int64_t frame = column * (frames.size(0) - 1) / (kColumns - 1);
      pictures.push_back(perception::draw_keypoints(frames, keypoints, frame));
    }
  }
  if (!pictures.empty()) perception::write_png(file, perception::make_grid(pictures, kColumns));
}

std::string epoch_name(int64_t epoch) {
  char name[32];
  std::snprintf(name, sizeof name, "epoch_%04lld.png", static_cast<long long>(epoch));
  return name;
}

void require_size(const Episode& episode, const perception::MintConfig& config) {
  if (episode.height != config.height || episode.width != config.width) {
    throw std::runtime_error("data: expected frames of " + std::to_string(config.width) + "x" +
                             std::to_string(config.height) + " (mint.width, mint.height), got " +
                             std::to_string(episode.width) + "x" + std::to_string(episode.height));
  }
}

// A shorter demonstration gives no sequence, which is right unless all of them are.
void require_sequences(const std::vector<Episode>& episodes, int64_t frames) {
  int64_t longest = 0;
  for (const Episode& episode : episodes) {
    longest = std::max<int64_t>(longest, episode.length() + 1);
  }
  if (longest < frames) {
    throw std::runtime_error("data: expected demonstrations of at least " + std::to_string(frames) +
                             " frames (mint_loss.frames), got " + std::to_string(longest));
  }
}

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

std::filesystem::path pretrain_detector(const PretrainConfig& config,
                                        const OnProgress& on_progress) {
  const auto episodes = select_episodes(config.data);
  require_size(episodes.train.front(), config.detectors.mint);
  require_sequences(episodes.train, config.mint_loss.frames);
  const auto run = RunDirectory::create(config.output, dump_config(config), environment_text());
  const auto dataset = make_frame_dataset(episodes.train);
  perception::MintDetector detector(config.detectors.mint,
                                    envs::derive_seed(config.seed, "detector"));

  Stopwatch entropy_time;
  MintObjective objective(detector, config.mint_loss, dataset, [&](int64_t frames) {
    on_progress({"entropy images", "frames", frames, dataset.size(), ""});
  });
  run.log_timings(0, {{"entropy_s", entropy_time.seconds()}});

  const auto windows = window_starts(dataset, config.mint_loss.frames);
  ShuffledBatches batches(windows, config.batch, envs::derive_seed(config.seed, "windows"));
  const auto parameters = detector.module().parameters();
  torch::optim::Adam optimiser(
      parameters,
      torch::optim::AdamOptions(config.learning_rate).weight_decay(config.weight_decay));
  const int64_t per_epoch = batches.per_epoch();
  const int64_t steps = config.epochs * per_epoch;
  // Training does not read the running statistics, so that every checkpoint can have good ones.
  const auto save = [&](int64_t step) {
    if (config.recalibration_batches > 0) {
      ShuffledBatches calibration(windows, config.batch,
                                  envs::derive_seed(config.seed, "recalibration"));
      objective.finish([&](int64_t) { return calibration.next(); }, config.recalibration_batches);
    }
    save_run_checkpoint(run.path(), {{"", &detector.module()}}, dump_config(config),
                        {step, "", {}, {{"adam", &optimiser}}}, /*keep=*/2);
  };

  detector.module().train();
  Stopwatch training_time;
  for (int64_t step = 1; step <= steps; ++step) {
    const auto loss = objective.loss(batches.next());
    const double norm = optimiser_step(loss.total, optimiser, parameters, config.gradient_clip,
                                       "pretrain: step " + std::to_string(step));
    auto values = perception::mean_terms(loss);
    const double total = values.back().second;
    values.emplace_back("gradient_norm", norm);
    run.log_metrics(step, values);
    char note[64];
    std::snprintf(note, sizeof note, "loss %.1f, uncovered entropy %.3f", total,
                  values.front().second);
    on_progress({"pretrain", "steps", step, steps, note});
    const bool is_last = step == steps;
    const bool must_stop = !is_last && is_interrupted();
    if (step % per_epoch != 0 && !must_stop) continue;
    save(step);
    if (must_stop) throw Interrupted();
    const int64_t epoch = step / per_epoch;
    if (is_last || (config.pictures_every > 0 && epoch % config.pictures_every == 0)) {
      write_pictures(detector, episodes.held_out, run.picture(epoch_name(epoch)));
    }
  }
  run.log_timings(steps, {{"training_s", training_time.seconds()}});
  return run.path();
}

}  // namespace mint::training
