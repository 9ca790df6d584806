#include "training/video_set.h"

#include <filesystem>
#include <stdexcept>

#include "training/config_error.h"
#include "training/interrupt.h"
#include "training/video_frames.h"
#include "training/video_set_kinds.h"

namespace mint::training {
namespace {

struct Kind {
  std::string name;
  bool (*matches)(const VideoSetConfig&);
  VideoSources (*list)(const VideoSetConfig&);
};

// The first that matches is taken.
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> table = {
      {"magical", is_rollouts, rollout_videos},
      {"demonstrations", is_demonstrations, demonstration_videos},
      {"clevrer", is_clevrer, clevrer_videos},
      {"mime", is_mime, mime_videos},
      {"simitate", is_simitate, simitate_videos},
      {"files", is_files, file_videos},
  };
  return table;
}

std::string first_of(const VideoSetConfig& config) {
  return config.data.empty() ? "data" : config.data.front();
}

}  // namespace

VideoSources list_videos(const VideoSetConfig& config) {
  for (const Kind& kind : kinds()) {
    const bool is_it = config.kind == "auto" ? kind.matches(config) : config.kind == kind.name;
    if (!is_it) continue;
    const VideoSources sources = kind.list(config);
    if (sources.train.empty() && sources.test.empty()) {
      throw std::runtime_error(first_of(config) + ": expected videos (" + kind.name +
                               "), found none");
    }
    return sources;
  }
  throw std::runtime_error(
      first_of(config) +
      ": expected a folder of videos (CLEVRER, MIME, SIMITATE or any), video files, demonstration "
      "files or \"magical\", found none of them");
}

std::vector<std::string> video_set_kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : kinds()) names.push_back(kind.name);
  return names;
}

LoadedVideos load_videos(const std::vector<VideoSource>& sources, int64_t count,
                         const std::function<void(int64_t)>& on_video) {
  LoadedVideos loaded;
  for (const VideoSource& source : sources) {
    if (count > 0 && static_cast<int64_t>(loaded.videos.size()) == count) break;
    if (is_interrupted()) throw Interrupted();
    try {
      loaded.videos.push_back(source.load());
      if (!loaded.videos.back().note.empty()) loaded.notes.push_back(loaded.videos.back().note);
      on_video(static_cast<int64_t>(loaded.videos.size()));
    } catch (const std::runtime_error& error) {
      loaded.skipped.push_back(error.what());
    }
  }
  if (loaded.videos.empty()) {
    throw std::runtime_error(loaded.skipped.empty() ? "videos: expected at least one, got none"
                                                    : loaded.skipped.front());
  }
  return loaded;
}

std::string file_size_text(const std::string& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  return error ? "missing" : std::to_string(bytes);
}

FrameSelection frame_selection(const VideoSetConfig& config) {
  FrameSelection selection;
  selection.height = config.height;
  selection.width = config.width;
  selection.every = config.every;
  selection.count = config.frames;
  if (config.range.size() == 2 && config.range[0] < config.range[1]) {
    selection.frames = {config.range[0], config.range[1]};
  } else if (!config.range.empty()) {
    throw ConfigError("videos.range: expected two ascending numbers, [first, end)");
  }
  return selection;
}

}  // namespace mint::training
