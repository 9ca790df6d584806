#include "perception/video_reader.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include <torch/torch.h>
#include <opencv2/videoio.hpp>

#include "perception/opencv_image.h"

namespace mint::perception {
namespace {

// Opens `file` with the decoders of files in turn. Left to choose, OpenCV also asks every camera on
// the USB whether it is called like the file.
bool open_to_read(cv::VideoCapture& capture, const std::string& file) {
  for (const int decoder : {cv::CAP_FFMPEG, cv::CAP_OPENCV_MJPEG, cv::CAP_GSTREAMER}) {
    try {
      if (capture.open(file, decoder)) return true;
    } catch (const cv::Exception&) {  // the next one may do
    }
  }
  return false;
}

// What a header says may be anything; 0 unless it is a usable number.
double property(const cv::VideoCapture& capture, int name) {
  const double value = capture.get(name);
  return std::isfinite(value) && value > 0 && value < 1e9 ? value : 0;
}

}  // namespace

VideoReader::VideoReader(const std::string& file) : file_(file), capture_(new cv::VideoCapture) {
  if (!std::filesystem::is_regular_file(file)) {
    throw std::runtime_error(file + ": expected a video file, found none");
  }
  if (!open_to_read(*capture_, file)) {
    throw std::runtime_error(file + ": cannot decode; expected a video that OpenCV can read");
  }
}

VideoReader::~VideoReader() = default;

torch::Tensor VideoReader::next() {
  cv::Mat image;
  if (!capture_->read(image) || image.empty()) return {};
  const std::vector<int64_t> sides = {image.cols, image.rows};
  if (sides_.empty()) sides_ = sides;
  if (sides != sides_) {
    const auto text = [](const std::vector<int64_t>& s) {
      return std::to_string(s[0]) + "x" + std::to_string(s[1]);
    };
    throw std::runtime_error(file_ + ": frame " + std::to_string(decoded_) + ": expected " +
                             text(sides_) + ", as the frames before, got " + text(sides));
  }
  ++decoded_;
  return from_opencv(image);
}

bool VideoReader::skip() {
  if (!capture_->grab()) return false;
  ++decoded_;
  return true;
}

int64_t VideoReader::announced_frames() const {
  return static_cast<int64_t>(property(*capture_, cv::CAP_PROP_FRAME_COUNT));
}

double VideoReader::frames_per_s() const {
  return property(*capture_, cv::CAP_PROP_FPS);
}

int64_t VideoReader::height() const {
  return static_cast<int64_t>(property(*capture_, cv::CAP_PROP_FRAME_HEIGHT));
}

int64_t VideoReader::width() const {
  return static_cast<int64_t>(property(*capture_, cv::CAP_PROP_FRAME_WIDTH));
}

torch::Tensor resize_frame(const torch::Tensor& frame, int64_t height, int64_t width) {
  if (height < 1 || width < 1) {
    throw std::invalid_argument("resize_frame: expected sides of at least 1 pixel, got " +
                                std::to_string(height) + "x" + std::to_string(width));
  }
  return from_opencv(resized(to_opencv(frame, "resize_frame"), height, width));
}

}  // namespace mint::perception
