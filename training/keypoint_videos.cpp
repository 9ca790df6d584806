#include "training/keypoint_videos.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include <torch/torch.h>

#include "training/frame_dataset.h"
#include "training/interrupt.h"
#include "training/keypoint_cache.h"
#include "training/video_set_kinds.h"

namespace mint::training {
namespace {

VideoSetConfig predictor_video_set(const DynamicsConfig& config, const LoadedDetector& detector) {
  PretrainConfig pretrain;
  pretrain.data = config.data;
  pretrain.videos = config.videos;
  pretrain.detector = detector.kind;
  pretrain.detectors = detector.config;
  auto set = video_set(pretrain);
  set.test = config.held_out_videos;
  return set;
}

// Detects in one video after the other; only keypoints stay in memory.
class KeypointVideosBuilder {
 public:
  KeypointVideosBuilder(const DynamicsConfig& config, const LoadedDetector& detector)
      : detector_(detector), folder_(std::filesystem::path(config.detector) / "keypoints") {}

  // `actions` are those of all frames but the last, or none.
  void add(const std::string& name, const torch::Tensor& frames, const std::vector<int>& actions,
           const std::function<void(int64_t)>& on_frames) {
    auto& detector = *detector_.detector;
    if (frames.size(2) != detector.height() || frames.size(3) != detector.width()) {
      throw std::runtime_error(name + ": expected frames of " + std::to_string(detector.width()) +
                               "x" + std::to_string(detector.height()) + " (the detector's), got " +
                               std::to_string(frames.size(3)) + "x" +
                               std::to_string(frames.size(2)));
    }
    const auto found =
        cached_keypoints(detector, detector_.config.mint.detect_gamma, frames, folder_, on_frames);
    xy_.push_back(found.xy);
    active_.push_back(found.active);
    if (!actions.empty()) {
      std::vector<int64_t> each(actions.begin(), actions.end());
      each.push_back(0);  // of the last frame, which no window reads
      actions_.push_back(torch::tensor(each));
    }
    starts_.push_back(starts_.back() + frames.size(0));
  }

  KeypointVideos build() const {
    KeypointVideos videos;
    if (xy_.empty()) return videos;
    videos.keypoints = {torch::cat(xy_), torch::cat(active_)};
    if (!actions_.empty()) videos.actions = torch::cat(actions_);
    videos.starts = starts_;
    return videos;
  }

 private:
  const LoadedDetector& detector_;
  std::filesystem::path folder_;
  std::vector<torch::Tensor> xy_, active_, actions_;
  std::vector<int64_t> starts_ = {0};
};

KeypointVideos detect_episodes(const std::vector<ChosenEpisode>& episodes,
                               const DynamicsConfig& config, const LoadedDetector& detector,
                               const OnProgress& on_progress) {
  KeypointVideosBuilder builder(config, detector);
  const auto total = static_cast<int64_t>(episodes.size());
  int64_t done = 0;
  for (const ChosenEpisode& chosen : episodes) {
    if (is_interrupted()) throw Interrupted();
    const Episode episode = read_episode(chosen);
    std::vector<int> actions;
    if (config.predictor.actions > 0) {
      // What was chosen is not always what moved the robot.
      actions = episode.executed_actions.empty() ? episode.actions : episode.executed_actions;
    }
    builder.add(chosen.file + ": " + chosen.info.name, frames_of(episode), actions, [](int64_t) {});
    on_progress({"keypoints", "demonstrations", ++done, total, ""});
  }
  return builder.build();
}

// The first `count` sources that load; 0: all.
KeypointVideos detect_videos(const std::vector<VideoSource>& sources, int64_t count,
                             const std::string& phase, const DynamicsConfig& config,
                             const LoadedDetector& detector, const OnProgress& on_progress) {
  KeypointVideosBuilder builder(config, detector);
  const auto listed = static_cast<int64_t>(sources.size());
  const int64_t wanted = count == 0 ? listed : std::min(count, listed);
  int64_t done = 0;
  for (const VideoSource& source : sources) {
    if (done == wanted) break;
    if (is_interrupted()) throw Interrupted();
    VideoClip clip;
    try {
      clip = source.load();
    } catch (const std::runtime_error& error) {
      std::fprintf(stderr, "skipped: %s\n", error.what());
      continue;
    }
    if (!clip.note.empty()) std::fprintf(stderr, "%s\n", clip.note.c_str());
    builder.add(clip.name, clip.frames, {}, [](int64_t) {});
    on_progress({phase, "videos", ++done, wanted, ""});
  }
  return builder.build();
}

void require_predictor_windows(const KeypointVideos& videos,
                               const dynamics::KeypointPredictorConfig& config) {
  if (!predictor_windows(videos, config).empty()) return;
  int64_t longest = 0;
  for (size_t i = 0; i + 1 < videos.starts.size(); ++i) {
    longest = std::max(longest, videos.starts[i + 1] - videos.starts[i]);
  }
  throw std::runtime_error("data: expected videos of at least " +
                           std::to_string(config.history + target_frames(config)) +
                           " frames (predictor.history and those predicted), got " +
                           std::to_string(longest));
}

}  // namespace

void require_keypoint_videos(const DynamicsConfig& config, const LoadedDetector& detector) {
  const auto set = predictor_video_set(config, detector);
  if (is_demonstrations(set)) {
    choose_episodes(config.data);
    return;
  }
  if (config.predictor.actions > 0) {
    throw ConfigError("fit-dynamics: data: expected demonstration files for a predictor with " +
                      std::string("actions (predictor.actions=18), got videos"));
  }
  list_videos(set);
}

KeypointVideoSplit read_keypoint_videos(const DynamicsConfig& config,
                                        const LoadedDetector& detector,
                                        const OnProgress& on_progress) {
  require_keypoint_videos(config, detector);
  const auto set = predictor_video_set(config, detector);
  KeypointVideoSplit split;
  if (is_demonstrations(set)) {
    const auto episodes = choose_episodes(config.data);
    split.train = detect_episodes(episodes.train, config, detector, on_progress);
    split.held_out = detect_episodes(episodes.held_out, config, detector, on_progress);
  } else {
    const auto sources = list_videos(set);
    split.train =
        detect_videos(sources.train, set.train, "keypoints", config, detector, on_progress);
    split.held_out = detect_videos(sources.test, config.held_out_videos, "held-out keypoints",
                                   config, detector, on_progress);
  }
  require_predictor_windows(split.train, config.predictor);
  return split;
}

std::vector<int64_t> predictor_windows(const KeypointVideos& videos,
                                       const dynamics::KeypointPredictorConfig& config) {
  return window_starts({torch::Tensor(), videos.starts}, config.history + target_frames(config));
}

dynamics::PredictorSample gather_windows(const KeypointVideos& videos,
                                         const std::vector<int64_t>& first_frames,
                                         const dynamics::KeypointPredictorConfig& config) {
  const int64_t after = target_frames(config), length = config.history + after;
  const auto count = static_cast<int64_t>(first_frames.size());
  const auto frames =
      (torch::tensor(first_frames).unsqueeze(1) + torch::arange(length)).flatten();  // [N * L]
  const auto rows = [&](const torch::Tensor& all) {
    return all.index_select(0, frames).unflatten(0, {count, length});
  };
  const auto xy = rows(videos.keypoints.xy), active = rows(videos.keypoints.active);
  dynamics::PredictorSample sample;
  sample.xy = xy.narrow(1, 0, config.history);
  sample.active = active.narrow(1, 0, config.history);
  sample.next_xy = xy.narrow(1, config.history, after);
  sample.next_active = active.narrow(1, config.history, after);
  if (videos.actions.defined()) {
    sample.actions = rows(videos.actions).narrow(1, config.history - 1, after);
  }
  return sample;
}

}  // namespace mint::training
