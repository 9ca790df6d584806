#include "training/video_frames.h"

#include <cmath>
#include <filesystem>
#include <functional>
#include <stdexcept>

#include <torch/torch.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "perception/opencv_image.h"

namespace mint::training {
namespace {

// Cut and resized, still as OpenCV has it.
cv::Mat fitted(const cv::Mat& image, const FrameSelection& selection, const std::string& where) {
  cv::Mat part = image;
  if (selection.columns[1] > 0) {
    if (selection.columns[1] > image.cols) {
      throw std::runtime_error(where + ": expected at least " +
                               std::to_string(selection.columns[1]) + " columns, got " +
                               std::to_string(image.cols));
    }
    part = image.colRange(static_cast<int>(selection.columns[0]),
                          static_cast<int>(selection.columns[1]));
  }
  const int64_t width = selection.width > 0 ? selection.width : part.cols;
  const int64_t height = selection.height > 0 ? selection.height : part.rows;
  return perception::resized(part, height, width);
}

torch::Tensor to_frames(const std::vector<cv::Mat>& images, const std::string& where) {
  if (images.empty()) throw std::runtime_error(where + ": expected frames, got none");
  const int height = images.front().rows, width = images.front().cols;
  const auto frames =
      torch::empty({static_cast<int64_t>(images.size()), 3, height, width}, torch::kUInt8);
  for (size_t i = 0; i < images.size(); ++i) {
    if (images[i].rows != height || images[i].cols != width) {
      throw std::runtime_error(where + ": frame " + std::to_string(i) + ": expected " +
                               std::to_string(width) + "x" + std::to_string(height) + ", got " +
                               std::to_string(images[i].cols) + "x" +
                               std::to_string(images[i].rows));
    }
    cv::Mat rgb;
    cv::cvtColor(images[i], rgb, cv::COLOR_BGR2RGB);
    frames[static_cast<int64_t>(i)].copy_(
        torch::from_blob(rgb.data, {height, width, 3}, torch::kUInt8).permute({2, 0, 1}));
  }
  return frames;
}

bool is_wanted(int64_t frame, const FrameSelection& selection) {
  const bool is_in_range = selection.frames[1] == 0 || frame < selection.frames[1];
  return frame >= selection.frames[0] && is_in_range &&
         (frame - selection.frames[0]) % selection.every == 0;
}

std::vector<cv::Mat> thinned(const std::vector<cv::Mat>& images, int64_t count) {
  std::vector<cv::Mat> kept;
  for (const int64_t i : evenly_spaced(static_cast<int64_t>(images.size()), count)) {
    kept.push_back(images[static_cast<size_t>(i)]);
  }
  return kept;
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

torch::Tensor read_frames(const std::string& video_file, const FrameSelection& selection) {
  if (!std::filesystem::is_regular_file(video_file)) {
    throw std::runtime_error(video_file + ": expected a video file, found none");
  }
  cv::VideoCapture capture;
  bool is_open = false;
  try {
    is_open = capture.open(video_file);
  } catch (const cv::Exception&) {
    is_open = false;
  }
  if (!is_open) {
    throw std::runtime_error(video_file + ": cannot decode; expected a video that OpenCV can read");
  }
  std::vector<cv::Mat> images;
  cv::Mat image;
  for (int64_t i = 0; selection.frames[1] == 0 || i < selection.frames[1]; ++i) {
    if (!capture.read(image) || image.empty()) break;
    if (is_wanted(i, selection)) images.push_back(fitted(image, selection, video_file));
  }
  return to_frames(thinned(images, selection.count), video_file);
}

torch::Tensor read_pictures(const std::vector<std::string>& files,
                            const FrameSelection& selection) {
  std::vector<cv::Mat> images;
  for (const int64_t i : selected_frames(selection, static_cast<int64_t>(files.size()))) {
    const std::string& file = files[static_cast<size_t>(i)];
    const cv::Mat image = cv::imread(file, cv::IMREAD_COLOR);
    if (image.empty()) throw std::runtime_error(file + ": expected a picture, cannot decode it");
    images.push_back(fitted(image, selection, file));
  }
  return to_frames(images, files.empty() ? "pictures" : files.front());
}

}  // namespace mint::training
