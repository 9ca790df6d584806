#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <torch/types.h>

#include "training/clevrer.h"
#include "training/video_frames.h"
#include "training/video_set_kinds.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProposals = "derender_proposals";

VideoSource clevrer_source(const ClevrerEntry& entry, const VideoSetConfig& config) {
  const std::string name = entry.video.filename().string();
  return {name, [=] {
            VideoClip clip{name, read_frames(entry.video.string(), frame_selection(config)), {}};
            if (entry.proposals.empty()) return clip;
            auto objects = read_proposals(entry.proposals, nullptr);
            const bool takes_all = config.every == 1 && config.frames == 0 && config.range.empty();
            if (takes_all) {
              if (static_cast<int64_t>(objects.size()) != clip.frames.size(0)) {
                throw std::runtime_error(
                    entry.proposals.string() + ": expected " + std::to_string(clip.frames.size(0)) +
                    " frames as in the video, got " + std::to_string(objects.size()));
              }
              clip.objects = std::move(objects);
              return clip;
            }
            const auto count = static_cast<int64_t>(objects.size());
            for (const int64_t frame : selected_frames(frame_selection(config), count)) {
              clip.objects.push_back(objects[static_cast<size_t>(frame)]);
            }
            return clip;
          }};
}

std::vector<ClevrerEntry> entries(const VideoSetConfig& config, const std::string& split) {
  const fs::path root = config.data.front();
  return fs::is_directory(root / ("video_" + split)) ? list_clevrer(root, split)
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
  if (has_enough) {
    for (auto i = static_cast<size_t>(learnt); i < train.size(); ++i) {
      sources.test.push_back(clevrer_source(train[i], config));
    }
  } else {
    for (const ClevrerEntry& entry : test) sources.test.push_back(clevrer_source(entry, config));
  }
  return sources;
}

}  // namespace mint::training
