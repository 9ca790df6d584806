#include "training/frame_dataset.h"

#include <stdexcept>

#include <torch/torch.h>

namespace mint::training {
namespace {

// The bytes of an episode's frames, channels last, as a tensor that must not outlive them.
torch::Tensor borrowed_frames(const Episode& episode) {
  // from_blob wants a mutable pointer; whoever gets the tensor only reads.
  auto* pixels = const_cast<uint8_t*>(episode.frames.data());
  return torch::from_blob(pixels, {episode.length() + 1, episode.height, episode.width, 3},
                          torch::kUInt8);
}

}  // namespace

torch::Tensor frames_of(const Episode& episode) {
  return borrowed_frames(episode).permute({0, 3, 1, 2}).contiguous();
}

FrameDataset make_frame_dataset(const std::vector<Episode>& episodes) {
  FrameDataset dataset;
  dataset.starts.push_back(0);
  for (const Episode& episode : episodes) {
    dataset.starts.push_back(dataset.starts.back() + episode.length() + 1);
  }
  const int64_t height = episodes.front().height;
  const int64_t width = episodes.front().width;
  dataset.frames = torch::empty({dataset.size(), 3, height, width}, torch::kUInt8);
  for (size_t i = 0; i < episodes.size(); ++i) {
    dataset.frames.slice(0, dataset.starts[i], dataset.starts[i + 1])
        .copy_(borrowed_frames(episodes[i]).permute({0, 3, 1, 2}));
  }
  return dataset;
}

FrameDataset make_frame_dataset(const std::vector<VideoClip>& videos) {
  FrameDataset dataset;
  dataset.starts.push_back(0);
  std::vector<torch::Tensor> frames;
  for (const VideoClip& video : videos) {
    if (video.frames.sizes().slice(1) != videos.front().frames.sizes().slice(1)) {
      throw std::runtime_error(video.name + ": expected frames of the size of the other videos");
    }
    dataset.starts.push_back(dataset.starts.back() + video.frames.size(0));
    frames.push_back(video.frames);
  }
  dataset.frames = torch::cat(frames);
  return dataset;
}

std::vector<int64_t> window_starts(const FrameDataset& dataset, int64_t length) {
  std::vector<int64_t> windows;
  for (size_t i = 0; i + 1 < dataset.starts.size(); ++i) {
    for (int64_t frame = dataset.starts[i]; frame + length <= dataset.starts[i + 1]; ++frame) {
      windows.push_back(frame);
    }
  }
  return windows;
}

}  // namespace mint::training
