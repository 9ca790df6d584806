#include "training/pretrain.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "envs/random.h"
#include "perception/overlay.h"
#include "training/environment_report.h"
#include "training/frame_dataset.h"
#include "training/interrupt.h"
#include "training/objective.h"
#include "training/optimisation.h"
#include "training/shuffled_batches.h"
#include "training/stopwatch.h"
#include "training/training_run.h"
#include "training/video_set_kinds.h"

namespace mint::training {
namespace {

void print_skipped(const std::vector<std::string>& reasons) {
  for (const std::string& reason : reasons) {
    std::fprintf(stderr, "skipped: %s\n", reason.c_str());
  }
  if (!reasons.empty()) std::fprintf(stderr, "skipped %zu videos\n", reasons.size());
}

struct TrainingData {
  FrameDataset train;
  std::vector<torch::Tensor> held_out;  // uint8 [T, 3, H, W], to look at
};

// Demonstrations by task, or the videos of a set; what cannot be read is named.
TrainingData load_data(const PretrainConfig& config, const OnProgress& on_progress) {
  const auto set = video_set(config);
  TrainingData data;
  if (is_demonstrations(set)) {
    const auto episodes = select_episodes(config.data);
    data.train = make_frame_dataset(episodes.train);
    for (const Episode& episode : episodes.held_out) {
      data.held_out.push_back(make_frame_dataset({episode}).frames);
    }
    return data;
  }
  const auto sources = list_videos(set);
  const auto count = static_cast<int64_t>(sources.train.size());
  const int64_t wanted = set.train == 0 ? count : std::min(set.train, count);
  const auto train = load_videos(sources.train, set.train, [&](int64_t videos) {
    on_progress({"read videos", "videos", videos, wanted, ""});
  });
  for (const std::string& note : train.notes) std::fprintf(stderr, "%s\n", note.c_str());
  print_skipped(train.skipped);
  data.train = make_frame_dataset(train.videos);
  for (const VideoSource& source : sources.test) {  // one that loads, for the pictures
    try {
      data.held_out.push_back(source.load().frames);
      break;
    } catch (const std::runtime_error& error) {
      print_skipped({error.what()});
    }
  }
  return data;
}

// All of it, for its checksum.
std::vector<torch::Tensor> tensors_of(const TrainingData& data) {
  std::vector<torch::Tensor> tensors = {data.train.frames, torch::tensor(data.train.starts)};
  tensors.insert(tensors.end(), data.held_out.begin(), data.held_out.end());
  return tensors;
}

// Held-out frames with keypoints: a row of evenly spaced frames for each episode.
void write_pictures(perception::Detector& detector, const std::vector<torch::Tensor>& videos,
                    const std::string& file) {
  constexpr int64_t kColumns = 6;
  std::vector<torch::Tensor> pictures;
  for (const torch::Tensor& frames : videos) {
    perception::OverlayStyle style;
    style.scale = frames.size(3) < 200 ? 4 : 1;
    const auto keypoints = detector.detect(frames);
    for (int64_t column = 0; column < kColumns; ++column) {
      const int64_t frame = column * (frames.size(0) - 1) / (kColumns - 1);
      pictures.push_back(perception::draw_keypoints(frames, keypoints, frame, style));
    }
  }
  if (!pictures.empty()) perception::write_png(file, perception::make_grid(pictures, kColumns));
}

std::string epoch_name(int64_t epoch) {
  char name[32];
  std::snprintf(name, sizeof name, "epoch_%04lld.png", static_cast<long long>(epoch));
  return name;
}

void require_size(const torch::Tensor& frames, const VideoSetConfig& wanted,
                  const std::string& detector) {
  if (frames.size(2) != wanted.height || frames.size(3) != wanted.width) {
    throw std::runtime_error("data: expected frames of " + std::to_string(wanted.width) + "x" +
                             std::to_string(wanted.height) + " (" + detector + ".width, " +
                             detector + ".height), got " + std::to_string(frames.size(3)) + "x" +
                             std::to_string(frames.size(2)));
  }
}

// A shorter demonstration gives no sequence, which is right unless all of them are.
void require_windows(const FrameDataset& dataset, int64_t length) {
  if (!window_starts(dataset, length).empty()) return;
  int64_t longest = 0;
  for (size_t i = 0; i + 1 < dataset.starts.size(); ++i) {
    longest = std::max(longest, dataset.starts[i + 1] - dataset.starts[i]);
  }
  throw std::runtime_error("data: expected videos of at least " + std::to_string(length) +
                           " frames (a training window), got " + std::to_string(longest));
}

}  // namespace

std::filesystem::path pretrain_detector(const PretrainConfig& config, const OnProgress& on_progress,
                                        Start start) {
  const auto data = load_data(config, on_progress);
  require_size(data.train.frames, video_set(config), config.detector);
  const auto objective = make_objective(config, data.train);
  require_windows(data.train, objective->window());
  TrainingRun run(config.output, dump_config(config), environment_text(), start);

  const auto windows = window_starts(data.train, objective->window());
  ShuffledBatches batches(windows, config.batch, envs::derive_seed(config.seed, "windows"));
  const int64_t per_epoch = batches.per_epoch();
  const int64_t steps = config.steps > 0 ? config.steps : config.epochs * per_epoch;
  OptimisationConfig course;
  course.steps = steps;
  course.learning_rate = config.learning_rate;
  course.cooldown = config.cooldown;
  course.weight_decay = config.weight_decay;
  course.gradient_clip = config.gradient_clip;
  Optimisation optimisation(objective->module(), course, "pretrain", objective->parameter_groups());
  const std::vector<ModelPart> parts = {{"", &objective->module()}};
  run.restore(parts, [&](const TrainingState& s) { optimisation.load(s.tensors, s.step); });
  run.learn_from(tensors_of(data));
  batches.seek(optimisation.steps());
  const auto recalibrate = [&] {
    if (config.recalibration_batches == 0) return;
    ShuffledBatches calibration(windows, config.batch,
                                envs::derive_seed(config.seed, "recalibration"));
    objective->finish([&](int64_t) { return calibration.next(); }, config.recalibration_batches);
  };
  const auto picture = [&] {
    const int64_t epoch = (optimisation.steps() + per_epoch - 1) / per_epoch;
    write_pictures(objective->detector(), data.held_out,
                   run.directory().picture(epoch_name(epoch)));
  };
  if (optimisation.is_done()) return run.path();

  Stopwatch preparation_time;
  objective->prepare([&](int64_t frames) {
    on_progress({"prepare frames", "frames", frames, data.train.size(), ""});
  });
  run.directory().log_timings(0, {{"preparation_s", preparation_time.seconds()}});
  objective->module().train();
  Stopwatch training_time;
  run.train([&] {
    while (!optimisation.is_done()) {
      const auto loss = objective->loss(batches.next(), optimisation.steps() + 1);
      NamedValues values = loss.terms;
      values.emplace_back("gradient_norm", optimisation.step(loss.total, loss.terms));
      const int64_t step = optimisation.steps();
      run.directory().log_metrics(step, values);
      char note[96];
      std::snprintf(note, sizeof note, "loss %.4g, %s %.3g", loss.terms.back().second,
                    loss.terms.front().first.c_str(), loss.terms.front().second);
      on_progress({"pretrain", "steps", step, steps, note});
      const bool is_last = optimisation.is_done();
      const bool must_stop = !is_last && is_interrupted();
      const bool ends_epoch = is_last || step % per_epoch == 0;
      const bool is_due = config.checkpoint_every > 0 && step % config.checkpoint_every == 0;
      if (!ends_epoch && !is_due && !must_stop) continue;
      recalibrate();
      const int64_t epoch = step / per_epoch;
      const bool is_shown = config.pictures_every > 0 && epoch % config.pictures_every == 0;
      if (is_last || (ends_epoch && is_shown)) picture();  // what is saved is done
      run.save(parts, step, optimisation.state());
      if (must_stop) throw Interrupted();
    }
  });
  run.directory().log_timings(steps, {{"training_s", training_time.seconds()}});
  return run.path();
}

}  // namespace mint::training
