#include "training/video_frames.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <torch/torch.h>
#include <opencv2/imgcodecs.hpp>

#include "perception/opencv_image.h"
#include "perception/video_reader.h"

namespace mint::training {
namespace {

using torch::Tensor;

// Cut and resized.
Tensor fitted(const Tensor& frame, const FrameSelection& selection, const std::string& where) {
  Tensor part = frame;
  if (selection.columns[1] > 0) {
    if (selection.columns[1] > frame.size(2)) {
      throw std::runtime_error(where + ": expected at least " +
                               std::to_string(selection.columns[1]) + " columns, got " +
                               std::to_string(frame.size(2)));
    }
    part = frame.slice(2, selection.columns[0], selection.columns[1]).contiguous();
  }
  return perception::resize_frame(part, selection.height > 0 ? selection.height : part.size(1),
                                  selection.width > 0 ? selection.width : part.size(2));
}

Tensor stacked(const std::vector<Tensor>& frames, const std::string& where) {
  if (frames.empty()) throw std::runtime_error(where + ": expected frames, got none");
  for (size_t i = 0; i < frames.size(); ++i) {
    if (frames[i].sizes() == frames[0].sizes()) continue;
    const auto size = [](const Tensor& frame) {
      return std::to_string(frame.size(2)) + "x" + std::to_string(frame.size(1));
    };
    throw std::runtime_error(where + ": frame " + std::to_string(i) + ": expected " +
                             size(frames[0]) + ", got " + size(frames[i]));
  }
  return torch::stack(frames);
}

bool is_wanted(int64_t frame, const FrameSelection& selection) {
  const bool is_in_range = selection.frames[1] == 0 || frame < selection.frames[1];
  return frame >= selection.frames[0] && is_in_range &&
         (frame - selection.frames[0]) % selection.every == 0;
}

}  // namespace

std::vector<int64_t> evenly_spaced(int64_t available, int64_t wanted) {
  std::vector<int64_t> indices;
  const bool takes_all = wanted <= 0 || wanted >= available;
  const int64_t count = takes_all ? available : wanted;
  for (int64_t i = 0; i < count; ++i) {
    const double place = count == 1 ? 0
                                    : static_cast<double>(i) * static_cast<double>(available - 1) /
                                          static_cast<double>(count - 1);
    indices.push_back(takes_all ? i : std::lrint(place));
  }
  return indices;
}

std::vector<int64_t> selected_frames(const FrameSelection& selection, int64_t available) {
  std::vector<int64_t> wanted, selected;
  for (int64_t i = 0; i < available; ++i) {
    if (is_wanted(i, selection)) wanted.push_back(i);
  }
  const auto count = static_cast<int64_t>(wanted.size());
  for (const int64_t i : evenly_spaced(count, selection.count)) {
    selected.push_back(wanted[static_cast<size_t>(i)]);
  }
  return selected;
}

std::string header_note(const std::string& video_file, const FrameSelection& selection,
                        int64_t announced, int64_t decoded) {
  const int64_t expected =
      selection.frames[1] > 0 ? std::min(announced, selection.frames[1]) : announced;
  if (decoded >= expected) return "";
  return video_file + ": its header says " + std::to_string(announced) + " frames, " +
         std::to_string(decoded) + " decode";
}

VideoFrames read_frames(const std::string& video_file, const FrameSelection& selection) {
  perception::VideoReader reader(video_file);
  std::vector<Tensor> frames;
  for (int64_t i = 0; selection.frames[1] == 0 || i < selection.frames[1]; ++i) {
    if (!is_wanted(i, selection)) {
      if (!reader.skip()) break;
      continue;
    }
    const Tensor frame = reader.next();
    if (!frame.defined()) break;
    frames.push_back(fitted(frame, selection, video_file));
  }
  std::vector<Tensor> kept;
  const auto count = static_cast<int64_t>(frames.size());
  for (const int64_t i : evenly_spaced(count, selection.count)) {
    kept.push_back(frames[static_cast<size_t>(i)]);
  }
  const int64_t decoded = reader.decoded();
  return {stacked(kept, video_file), decoded,
          header_note(video_file, selection, reader.announced_frames(), decoded)};
}

Tensor read_pictures(const std::vector<std::string>& files, const FrameSelection& selection) {
  std::vector<Tensor> frames;
  for (const int64_t i : selected_frames(selection, static_cast<int64_t>(files.size()))) {
    const std::string& file = files[static_cast<size_t>(i)];
    const cv::Mat image = cv::imread(file, cv::IMREAD_COLOR);
    if (image.empty()) throw std::runtime_error(file + ": expected a picture, cannot decode it");
    frames.push_back(fitted(perception::from_opencv(image), selection, file));
  }
  return stacked(frames, files.empty() ? "pictures" : files.front());
}

}  // namespace mint::training
