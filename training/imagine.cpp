#include "training/imagine.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>

#include <torch/torch.h>

#include "perception/imagined_overlay.h"
#include "perception/video.h"
#include "perception/video_reader.h"
#include "training/config_error.h"
#include "training/demonstrations.h"
#include "training/frame_dataset.h"
#include "training/interrupt.h"
#include "training/predictor_run.h"

namespace mint::training {
namespace {

using torch::Tensor;

constexpr double kDemonstrationRate = 8;  // frames per second, the tasks' control rate
constexpr double kUnknownFilmRate = 10;
constexpr int64_t kSmallestFilm_px = 384;  // height; smaller frames are enlarged
constexpr int64_t kLargestScale = 8;

// The frames of an input one after the other, from the start as often as is asked.
struct ImaginedInput {
  std::function<std::function<Tensor()>()> open;  // next(): [3, H, W], undefined at the end
  double frames_per_s = kUnknownFilmRate;
  Tensor actions;  // int64 [T - 1]; undefined for a video
};

ImaginedInput video_input(const std::string& file) {
  ImaginedInput input;
  const double rate = perception::VideoReader(file).frames_per_s();
  if (rate > 0) input.frames_per_s = rate;
  input.open = [file] {
    const auto reader = std::make_shared<perception::VideoReader>(file);
    return [reader] { return reader->next(); };
  };
  return input;
}

ImaginedInput demonstration_input(const ImagineConfig& config) {
  const auto list = list_demonstrations(config.input);
  const auto count = static_cast<int64_t>(list.size());
  if (config.episode >= count) {
    throw ConfigError("imagine: --episode: expected one of the file's " + std::to_string(count) +
                      " demonstrations, counted from 0, got " + std::to_string(config.episode));
  }
  const auto episode =
      load_demonstration(config.input, list[static_cast<size_t>(config.episode)].name);
  const auto& executed =
      episode.executed_actions.empty() ? episode.actions : episode.executed_actions;
  ImaginedInput input;
  input.frames_per_s = kDemonstrationRate;
  input.actions = torch::tensor(std::vector<int64_t>(executed.begin(), executed.end()));
  const Tensor frames = frames_of(episode);
  input.open = [frames] {
    const auto at = std::make_shared<int64_t>(0);
    return [frames, at] { return *at < frames.size(0) ? frames[(*at)++] : Tensor(); };
  };
  return input;
}

bool is_demonstration_file(const std::string& file) {
  const auto extension = std::filesystem::path(file).extension();
  return extension == ".h5" || extension == ".hdf5";
}

struct SeenVideo {
  perception::Keypoints keypoints;  // of all frames
  int64_t height = 0, width = 0;    // pixels of the input
};

SeenVideo look_at(const ImaginedInput& input, const std::string& name,
                  perception::Detector& detector, const OnProgress& on_progress) {
  SeenVideo seen;
  std::vector<Tensor> xy, active;
  const auto next = input.open();
  for (Tensor frame = next(); frame.defined(); frame = next()) {
    if (is_interrupted()) throw Interrupted();
    seen.height = frame.size(1);
    seen.width = frame.size(2);
    const auto found = detector.detect(
        perception::resize_frame(frame, detector.height(), detector.width()).unsqueeze(0));
    xy.push_back(found.xy);
    active.push_back(found.active.gt(0.5).to(torch::kFloat32));
    const auto done = static_cast<int64_t>(xy.size());
    on_progress({"keypoints", "frames", done, done, ""});
  }
  if (xy.empty()) throw std::runtime_error(name + ": expected frames, got none");
  seen.keypoints = {torch::cat(xy), torch::cat(active)};
  return seen;
}

class ErrorSums {
 public:
  ErrorSums(const SeenVideo& seen, int64_t horizons)
      : seen_(seen),
        size_px_(
            torch::tensor({static_cast<double>(seen.width), static_cast<double>(seen.height)})),
        sums_(horizons) {}

  // `future` [F, K, 2], imagined at frame t.
  void add(int64_t t, const Tensor& future) {
    const auto& [xy, active] = seen_.keypoints;
    for (int64_t h = 1; h <= future.size(0) && t + h < xy.size(0); ++h) {
      const Tensor known = active[t] * active[t + h];
      const auto distance = [&](const Tensor& from) {
        const Tensor off = (from - xy[t + h]).to(torch::kFloat64) * size_px_;
        return (off.square().sum(1).sqrt() * known).sum().item<double>();
      };
      Sum& sum = sums_[static_cast<size_t>(h - 1)];
      sum.imagined += distance(future[h - 1]);
      sum.stays += distance(xy[t]);
      sum.count += known.sum().item<double>();
    }
  }

  std::vector<ImaginedError> means() const {
    std::vector<ImaginedError> errors;
    for (const Sum& sum : sums_) {
      const double count = sum.count > 0 ? sum.count : std::numeric_limits<double>::quiet_NaN();
      errors.push_back(
          {static_cast<int64_t>(errors.size()) + 1, sum.imagined / count, sum.stays / count});
    }
    return errors;
  }

 private:
  struct Sum {
    double imagined = 0, stays = 0, count = 0;
  };
  const SeenVideo& seen_;
  Tensor size_px_;
  std::vector<Sum> sums_;
};

// The frames imagined at frame t, [F, K, 2]; F is 0 before the predictor's history is there.
Tensor imagined_at(int64_t t, int64_t frames, dynamics::KeypointPredictor& predictor,
                   const perception::Keypoints& seen, const Tensor& actions) {
  const int64_t history = predictor.config().history;
  const bool acts = predictor.config().actions > 0;
  if (acts) frames = std::min(frames, actions.size(0) - t);
  if (t < history - 1 || frames < 1) return torch::empty({0, seen.xy.size(1), 2});
  const auto window = [&](const Tensor& all) {
    return all.narrow(0, t - history + 1, history).unsqueeze(0);
  };
  const Tensor taken = acts ? actions.narrow(0, t, frames).unsqueeze(0) : Tensor();
  return predictor.unroll(window(seen.xy), window(seen.active), frames, taken).squeeze(0);
}

}  // namespace

Imagination imagine(const ImagineConfig& config, const OnProgress& on_progress) {
  const torch::NoGradGuard no_grad;
  const bool is_demonstration = is_demonstration_file(config.input);
  const auto loaded = load_predictor(config.run);
  if (loaded.predictor->config().actions > 0 && !is_demonstration) {
    throw ConfigError("imagine: " + config.input +
                      ": expected a demonstration file (.h5), because the predictor of " +
                      config.run + " takes actions, got a video");
  }
  const auto folder = std::filesystem::path(config.film).parent_path();
  const bool has_folder = folder.empty() || std::filesystem::exists(folder);
  if (has_folder) perception::require_video_file(config.film);  // else it is made when all is read
  const auto input = is_demonstration ? demonstration_input(config) : video_input(config.input);
  loaded.detector->module().eval();
  const SeenVideo seen = look_at(input, config.input, *loaded.detector, on_progress);

  const int64_t history = loaded.predictor->config().history;
  if (seen.keypoints.xy.size(0) < history) {
    throw std::runtime_error(config.input + ": expected at least " + std::to_string(history) +
                             " frames (the predictor's history), got " +
                             std::to_string(seen.keypoints.xy.size(0)));
  }
  if (!has_folder) std::filesystem::create_directories(folder);
  const auto height = static_cast<double>(seen.height);
  perception::OverlayStyle style;
  style.scale =
      std::clamp<int64_t>((kSmallestFilm_px + seen.height / 2) / seen.height, 1, kLargestScale);
  style.radius_px = std::max(1.2, height / 90);
  style.line_px = std::max(0.25, height / 300);
  perception::VideoWriter writer(config.film, style.scale * seen.height, style.scale * seen.width,
                                 input.frames_per_s);
  ErrorSums errors(seen, config.frames);
  const int64_t total = seen.keypoints.xy.size(0);
  const auto next = input.open();
  for (int64_t t = 0; t < total; ++t) {
    if (is_interrupted()) throw Interrupted();
    const Tensor future =
        imagined_at(t, config.frames, *loaded.predictor, seen.keypoints, input.actions);
    errors.add(t, future);
    const perception::Keypoints now{seen.keypoints.xy.narrow(0, t, 1),
                                    seen.keypoints.active.narrow(0, t, 1)};
    writer.write(perception::draw_imagined(next(), now, future, style));
    on_progress({"imagine", "frames", t + 1, total, ""});
  }
  writer.close();
  return {writer.file(), total, errors.means()};
}

}  // namespace mint::training
