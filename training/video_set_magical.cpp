// MAGICAL: demonstration files, and rollouts of the scripted experts with ground-truth masks.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include <torch/torch.h>

#include "agents/experts/recording.h"
#include "envs/draw.h"
#include "envs/random.h"
#include "training/demonstrations.h"
#include "training/frame_dataset.h"
#include "training/video_frames.h"
#include "training/video_set_kinds.h"

namespace mint::training {
namespace {

constexpr int64_t kRolloutCandidates = 1000;  // of training and of testing, where all are wanted

// Of every frame of an episode the visible pixels of each entity.
VideoClip rollout(const std::string& name, const std::string& task, uint64_t seed,
                  const VideoSetConfig& config) {
  constexpr int kSide = envs::kObservationSize_px;
  if (config.height != kSide || config.width != kSide) {
    throw std::runtime_error(name + ": expected frames of " + std::to_string(kSide) + "x" +
                             std::to_string(kSide) + " (a detector of that size), got " +
                             std::to_string(config.width) + "x" + std::to_string(config.height));
  }
  const auto episode = experts::record_episode(task, "Demo", seed);
  std::vector<uint8_t> pixels(envs::kObservationBytes), ids(kSide * kSide), mask(ids.size());
  const auto count = static_cast<int64_t>(episode.states.size());
  VideoClip video{name, torch::empty({count, 3, kSide, kSide}, torch::kUInt8), {}, ""};
  for (int64_t t = 0; t < count; ++t) {
    envs::draw_observation(episode.scene, episode.states[static_cast<size_t>(t)],
                           envs::Camera::kAllocentric, pixels.data(), ids.data());
    video.frames[t].copy_(
        torch::from_blob(pixels.data(), {kSide, kSide, 3}, torch::kUInt8).permute({2, 0, 1}));
    perception::FrameObjects objects;
    for (size_t place = 0; place < episode.scene.draw_order.size(); ++place) {
      const auto id = static_cast<uint8_t>(place + 1);
      std::transform(ids.begin(), ids.end(), mask.begin(), [id](uint8_t i) { return i == id; });
      objects.push_back({static_cast<int>(id),
                         perception::RunLengthMask::from_bitmap(mask.data(), kSide, kSide)});
    }
    video.objects.push_back(std::move(objects));
  }
  return video;
}

// Only the frames that the configuration selects.
VideoClip selected(const VideoClip& clip, const VideoSetConfig& config) {
  const auto frames = selected_frames(frame_selection(config), clip.frames.size(0));
  if (frames.empty()) throw std::runtime_error(clip.name + ": expected frames, selected none");
  VideoClip part{clip.name, clip.frames.index_select(0, torch::tensor(frames)), {}, clip.note};
  if (clip.objects.empty()) return part;
  for (const int64_t frame : frames) part.objects.push_back(clip.objects[frame]);
  return part;
}

VideoSources rollouts(const VideoSetConfig& config, const std::string& stream, int64_t count) {
  VideoSources sources;
  for (int64_t i = 0; i < count; ++i) {
    const std::string task = config.tasks[static_cast<size_t>(i) % config.tasks.size()];
    const uint64_t seed = envs::derive_seed(config.seed, stream, static_cast<uint64_t>(i));
    const std::string name = task + " " + stream + " " + std::to_string(i);
    sources.train.push_back({name,
                             [=] { return selected(rollout(name, task, seed, config), config); },
                             name + " " + std::to_string(seed)});
  }
  return sources;
}

}  // namespace

bool is_rollouts(const VideoSetConfig& config) {
  return config.data == std::vector<std::string>{"magical"};
}

VideoSources rollout_videos(const VideoSetConfig& config) {
  const auto wanted = [](int64_t count) { return count == 0 ? kRolloutCandidates : count; };
  return {rollouts(config, "training rollout", wanted(config.train)).train,
          rollouts(config, "test rollout", wanted(config.test)).train};
}

bool is_demonstrations(const VideoSetConfig& config) {
  const std::set<std::string> extensions = {".h5", ".hdf5"};
  for (const std::string& name : config.data) {
    if (extensions.count(std::filesystem::path(name).extension().string()) == 0) return false;
  }
  return !config.data.empty();
}

VideoSources demonstration_videos(const VideoSetConfig& config) {
  std::vector<VideoSource> sources;
  for (const std::string& file : config.data) {
    const auto episodes = std::make_shared<const std::vector<Episode>>(load_demonstrations(file));
    for (size_t i = 0; i < episodes->size(); ++i) {
      const std::string name = (*episodes)[i].env_name + " demo_" + std::to_string(i);
      sources.push_back(
          {name, [=] {
             const Episode& episode = (*episodes)[i];
             return selected({name, make_frame_dataset({episode}).frames, {}, ""}, config);
           }});
    }
  }
  const auto all = static_cast<int64_t>(sources.size());
  const int64_t train =
      config.train == 0 ? std::max<int64_t>(all - config.test, 0) : std::min(config.train, all);
  return {{sources.begin(), sources.begin() + train}, {sources.begin() + train, sources.end()}};
}

}  // namespace mint::training
