// Sets of videos to learn from and to test on: CLEVRER, MIME and SIMITATE in their published
// layouts, any folder of videos or one video, MAGICAL demonstration files, and expert rollouts in
// MAGICAL's tasks with ground-truth masks. One file pair per layout, one line each in the table of
// training/video_set.cpp.
//
// Frames are decoded in order and never sought. All are RGB (the reference reads video files as
// BGR, which matters for published weights alone: our detectors learn from RGB everywhere).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <torch/types.h>

#include "perception/object_masks.h"

namespace mint::training {

struct VideoClip {
  std::string name;      // "video_00007.mp4", "MakeLine seed 12"
  torch::Tensor frames;  // uint8 [T, 3, H, W], RGB
  // Of every frame; empty when the set has no masks. Those of frames without objects are empty.
  std::vector<perception::FrameObjects> objects;
  std::string note;  // one line when something about the file is odd, but usable
};

struct VideoSetConfig {
  std::vector<std::string> data;  // one folder, video files, demonstration files, or "magical"
  std::string kind = "auto";      // or a name of video_set_kinds(); auto looks at what is there
  std::vector<std::string> tasks = {"MoveToRegion", "MoveToCorner", "MakeLine"};  // of MAGICAL
  int64_t train = 20;               // videos; 0: all there are
  int64_t test = 100;               // videos, never one that trained; 0: all that are left
  int64_t frames = 0;               // per video, evenly spaced; 0: all
  int64_t every = 1;                // keep every n-th frame
  std::vector<int64_t> range;       // [first, end): frames of each video; empty: all
  int64_t height = 96, width = 96;  // of the frames, px
  uint64_t seed = 0;                // of rollouts
};

// A video that is read when it is needed. load() throws std::runtime_error, which names the file.
struct VideoSource {
  std::string name;
  std::function<VideoClip()> load;
  std::string fingerprint = name;  // differs when the content does: name and sizes of the files
};

struct VideoSources {
  std::vector<VideoSource> train, test;  // candidates in order; of tests often more than wanted
};

// Throws std::runtime_error when `data` is of no kind that is known, or holds no video.
VideoSources list_videos(const VideoSetConfig& config);

std::vector<std::string> video_set_kinds();

struct LoadedVideos {
  std::vector<VideoClip> videos;
  std::vector<std::string> skipped;  // one line a video that could not be used, with the reason
  std::vector<std::string> notes;    // of those that could
};

// The first `count` sources that load (0: all). Those that do not are skipped, never silently.
// Throws std::runtime_error, with the first reason, when none loads, and Interrupted when a signal
// asks to stop.
LoadedVideos load_videos(const std::vector<VideoSource>& sources, int64_t count,
                         const std::function<void(int64_t)>& on_video);

}  // namespace mint::training
