#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <torch/torch.h>

#include "training/clevrer.h"
#include "training/video_frames.h"
#include "training/video_set_kinds.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProposals = "derender_proposals";

VideoClip load_clip(const ClevrerEntry& entry, const VideoSetConfig& config) {
  FrameSelection all = frame_selection(config);
  const FrameSelection wanted = all;
  all.every = 1;
  all.count = 0;
  all.frames = {0, 0};
  auto read = read_frames(entry.video.string(), all);
  const auto frames = selected_frames(wanted, read.frames.size(0));
  VideoClip clip{entry.video.filename().string(),
                 read.frames.index_select(0, torch::tensor(frames)),
                 {},
                 read.note};
  if (entry.proposals.empty()) return clip;
  const auto objects = read_proposals(entry.proposals, nullptr);
  if (static_cast<int64_t>(objects.size()) != read.frames.size(0)) {
    throw std::runtime_error(
        entry.proposals.string() + ": expected " + std::to_string(read.frames.size(0)) +
        " frames as decode of the video, got " + std::to_string(objects.size()));
  }
  for (const int64_t frame : frames) clip.objects.push_back(objects[static_cast<size_t>(frame)]);
  return clip;
}

VideoSource clevrer_source(const ClevrerEntry& entry, const VideoSetConfig& config) {
  const std::string name = entry.video.filename().string();
  return {name, [=] { return load_clip(entry, config); },
          name + " " + file_size_text(entry.video.string()) + " " +
              file_size_text(entry.proposals.string())};
}

std::vector<ClevrerEntry> entries(const VideoSetConfig& config, const std::string& split) {
  const fs::path root = config.data.front();
  const fs::path folder = root / ("video_" + split);
  return fs::is_directory(folder) && !fs::is_empty(folder) ? list_clevrer(root, split)
                                                           : std::vector<ClevrerEntry>{};
}

}  // namespace

bool is_clevrer(const VideoSetConfig& config) {
  if (config.data.size() != 1) return false;
  const fs::path root = config.data.front();
  return fs::is_directory(root / kProposals) || fs::is_directory(root / "video_train");
}

VideoSources clevrer_videos(const VideoSetConfig& config) {
  VideoSources sources;
  const auto train = entries(config, "train");
  const auto test = entries(config, "test");
  const auto all = static_cast<int64_t>(train.size());
  const int64_t learnt = config.train == 0 ? all : std::min(config.train, all);
  const bool has_enough = all - learnt >= std::max<int64_t>(config.test, 1);
  for (int64_t i = 0; i < learnt; ++i) {
    sources.train.push_back(clevrer_source(train[static_cast<size_t>(i)], config));
  }
  if (has_enough || test.empty()) {
    for (auto i = static_cast<size_t>(learnt); i < train.size(); ++i) {
      sources.test.push_back(clevrer_source(train[i], config));
    }
  } else {
    for (const ClevrerEntry& entry : test) sources.test.push_back(clevrer_source(entry, config));
  }
  return sources;
}

}  // namespace mint::training
