// Video files of any kind, MIME's and SIMITATE's layouts: all found by walking folders.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include <torch/types.h>

#include "training/video_frames.h"
#include "training/video_set_kinds.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> kVideoExtensions = {".mp4", ".avi", ".mkv",  ".webm", ".mov",
                                                ".mpg", ".m4v", ".mpeg", ".gif"};
constexpr const char* kSimitateFrames = "_kinect2_qhd_image_color_rect_compressed";
const std::vector<std::string> kSimitateTasks = {"bring", "rearrange", "pick_and_place", "stack"};
const std::vector<std::string> kMimeTasks = {"1", "2", "3", "4"};
constexpr const char* kMimeVideo = "hd_kinect_rgb.mp4";
constexpr int64_t kReferenceFrames = 100;  // of a SIMITATE sequence; MIME takes 50

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_video_name(const fs::path& file) {
  return kVideoExtensions.count(lower(file.extension().string())) > 0;
}

fs::path root_of(const VideoSetConfig& config) {
  return config.data.size() == 1 ? fs::path(config.data.front()) : fs::path();
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

VideoSource file_source(const fs::path& file, const FrameSelection& selection) {
  const std::string name = file.parent_path().filename() / file.filename();
  const auto load = [=] {
    auto read = read_frames(file.string(), selection);
    return VideoClip{name, read.frames, {}, read.note};
  };
  return {name, load, name + " " + file_size_text(file.string())};
}

// Of every group the first `train / groups` train (all when 0) and those that follow test, the
// groups in turn, so that the first tests are of all of them.
VideoSources split_groups(const std::vector<std::vector<VideoSource>>& groups, int64_t train) {
  VideoSources sources;
  const size_t count = groups.size();
  std::vector<size_t> learnt(count);
  size_t longest = 0;
  for (size_t g = 0; g < count; ++g) {
    const auto share = static_cast<size_t>(train) / count + (g < train % count ? 1 : 0);
    learnt[g] = train == 0 ? groups[g].size() : std::min(share, groups[g].size());
    sources.train.insert(sources.train.end(), groups[g].begin(), groups[g].begin() + learnt[g]);
    longest = std::max(longest, groups[g].size() - learnt[g]);
  }
  for (size_t i = 0; i < longest; ++i) {
    for (size_t g = 0; g < count; ++g) {
      if (learnt[g] + i < groups[g].size()) sources.test.push_back(groups[g][learnt[g] + i]);
    }
  }
  return sources;
}

// Folders of a SIMITATE sequence's pictures by task, in order of their names.
std::map<std::string, std::vector<fs::path>> simitate_sequences(const fs::path& root) {
  std::map<std::string, std::vector<fs::path>> by_task;
  if (!fs::is_directory(root)) return by_task;
  for (const fs::path& entry : sorted_entries(root)) {  // flattened: <task>_<n>
    const std::string name = entry.filename().string();
    const auto underscore = name.rfind('_');
    if (!fs::is_directory(entry) || underscore == std::string::npos) continue;
    const bool is_numbered = underscore + 1 < name.size() &&
                             name.find_first_not_of("0123456789", underscore + 1) == name.npos;
    const bool is_task =
        std::count(kSimitateTasks.begin(), kSimitateTasks.end(), name.substr(0, underscore)) > 0;
    if (is_numbered && is_task) by_task[name.substr(0, underscore)].push_back(entry);
  }
  for (auto& [task, folders] : by_task) {
    std::stable_sort(folders.begin(), folders.end(), [](const fs::path& a, const fs::path& b) {
      const auto number = [](const fs::path& path) {
        const std::string name = path.filename().string();
        const std::string digits = name.substr(name.rfind('_') + 1);
        return std::make_pair(digits.size(), digits);
      };
      return number(a) < number(b);
    });
  }
  // As published: <group>/<task>/<person>/<sequence>/_kinect2_…
  std::vector<fs::path> published;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_directory() && entry.path().filename() == kSimitateFrames) {
      published.push_back(entry.path());
    }
  }
  std::sort(published.begin(), published.end());
  for (const fs::path& frames : published) {
    const fs::path task = frames.parent_path().parent_path().parent_path();
    by_task[task.filename().string()].push_back(frames);
  }
  return by_task;
}

VideoSource picture_source(const fs::path& folder, const std::string& name,
                           const FrameSelection& selection) {
  return {name, [=] {
            std::vector<std::string> files;
            for (const fs::path& file : sorted_entries(folder)) {
              const std::string extension = lower(file.extension().string());
              if (extension == ".jpg" || extension == ".jpeg" || extension == ".png") {
                files.push_back(file.string());
              }
            }
            if (files.empty()) {
              throw std::runtime_error(folder.string() + ": expected pictures, found none");
            }
            return VideoClip{name, read_pictures(files, selection), {}, ""};
          }};
}

}  // namespace

bool is_files(const VideoSetConfig& config) {
  for (const std::string& name : config.data) {
    if (!fs::is_directory(name) && !(fs::exists(name) && is_video_name(name))) return false;
  }
  return !config.data.empty();
}

VideoSources file_videos(const VideoSetConfig& config) {
  std::vector<fs::path> files;
  for (const std::string& name : config.data) {
    if (!fs::is_directory(name)) {
      files.push_back(name);
      continue;
    }
    const size_t first = files.size();
    for (const auto& entry : fs::recursive_directory_iterator(name)) {
      if (entry.is_regular_file() && is_video_name(entry.path())) files.push_back(entry.path());
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end());
  }
  std::vector<VideoSource> sources;
  for (const fs::path& file : files) {
    sources.push_back(file_source(file, frame_selection(config)));
  }
  return split_groups({sources}, config.train);
}

bool is_mime(const VideoSetConfig& config) {
  const fs::path root = root_of(config);
  for (const std::string& task : kMimeTasks) {
    if (root.empty() || !fs::is_directory(root / task)) continue;
    for (const fs::path& demonstration : sorted_entries(root / task)) {
      if (fs::exists(demonstration / kMimeVideo)) return true;
    }
  }
  return false;
}

VideoSources mime_videos(const VideoSetConfig& config) {
  FrameSelection selection = frame_selection(config);
  selection.columns = {120, 480};
  if (selection.count == 0) selection.count = kReferenceFrames / 2;
  std::vector<std::vector<VideoSource>> groups;
  for (const std::string& task : kMimeTasks) {
    groups.emplace_back();
    if (!fs::is_directory(root_of(config) / task)) continue;
    for (const fs::path& demonstration : sorted_entries(root_of(config) / task)) {
      if (!fs::is_directory(demonstration)) continue;
      VideoSource source = file_source(demonstration / kMimeVideo, selection);
      source.name = task + "/" + demonstration.filename().string();
      groups.back().push_back(source);
    }
  }
  return split_groups(groups, config.train);
}

bool is_simitate(const VideoSetConfig& config) {
  const auto sequences = simitate_sequences(root_of(config));
  return std::any_of(kSimitateTasks.begin(), kSimitateTasks.end(),
                     [&](const std::string& task) { return sequences.count(task) > 0; });
}

VideoSources simitate_videos(const VideoSetConfig& config) {
  FrameSelection selection = frame_selection(config);
  if (selection.count == 0) selection.count = kReferenceFrames;
  auto sequences = simitate_sequences(root_of(config));
  std::vector<std::vector<VideoSource>> groups;
  for (const std::string& task : kSimitateTasks) {
    groups.emplace_back();
    for (const fs::path& folder : sequences[task]) {
      const std::string name = task + " " + std::to_string(groups.back().size() + 1);
      groups.back().push_back(picture_source(folder, name, selection));
    }
  }
  return split_groups(groups, config.train);
}

}  // namespace mint::training
