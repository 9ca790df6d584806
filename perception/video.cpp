#include "perception/video.h"

#include <unistd.h>
#include <filesystem>
#include <stdexcept>

#include <torch/torch.h>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "perception/opencv_image.h"

namespace mint::perception {
namespace {

struct Codec {
  const char* name;  // four characters
  const char* extension;
};
constexpr Codec kCodecs[] = {{"avc1", ".mp4"}, {"mp4v", ".mp4"}, {"MJPG", ".avi"}};

std::unique_ptr<cv::VideoWriter> open(const std::string& file, const Codec& codec, int64_t height,
                                      int64_t width, double frames_per_s) {
  const char* c = codec.name;
  auto writer = std::make_unique<cv::VideoWriter>();
  try {
    writer->open(file, cv::VideoWriter::fourcc(c[0], c[1], c[2], c[3]), frames_per_s,
                 cv::Size(static_cast<int>(width), static_cast<int>(height)));
  } catch (const cv::Exception&) {
    return nullptr;
  }
  return writer->isOpened() ? std::move(writer) : nullptr;
}

// Opens `file` with the decoders of files in turn. Left to choose, OpenCV also asks every camera on
// the USB whether it is called like the file.
bool open(cv::VideoCapture& capture, const std::string& file) {
  for (const int decoder : {cv::CAP_FFMPEG, cv::CAP_OPENCV_MJPEG, cv::CAP_GSTREAMER}) {
    try {
      if (capture.open(file, decoder)) return true;
    } catch (const cv::Exception&) {  // the next one may do
    }
  }
  return false;
}

}  // namespace

VideoWriter::VideoWriter(const std::string& file, int64_t height, int64_t width,
                         double frames_per_s)
    : height_(height), width_(width) {
  if (height < 2 || width < 2 || !(frames_per_s > 0)) {
    throw std::invalid_argument("VideoWriter: " + file +
                                ": expected sides >= 2 and a positive "
                                "frame rate, got " +
                                std::to_string(height) + " x " + std::to_string(width) + " at " +
                                std::to_string(frames_per_s));
  }
  std::filesystem::path path(file);
  for (const Codec& codec : kCodecs) {
    path.replace_extension(codec.extension);
    writer_ = open(path.string(), codec, height - height % 2, width - width % 2, frames_per_s);
    if (writer_) {
      file_ = path.string();
      codec_ = codec.name;
      return;
    }
    std::error_code ignored;
    if (std::filesystem::file_size(path, ignored) == 0) std::filesystem::remove(path, ignored);
  }
  throw std::runtime_error(file +
                           ": cannot write a video; expected a folder that exists and one of "
                           "the codecs avc1, mp4v, MJPG in OpenCV");
}

VideoWriter::~VideoWriter() = default;

void VideoWriter::write(const torch::Tensor& frame) {
  const cv::Mat image = to_opencv(frame, "VideoWriter::write");
  if (image.rows != height_ || image.cols != width_) {
    throw std::invalid_argument("VideoWriter::write: frame: expected " + std::to_string(height_) +
                                " x " + std::to_string(width_) + ", got " +
                                std::to_string(image.rows) + " x " + std::to_string(image.cols));
  }
  const cv::Rect even(0, 0, image.cols - image.cols % 2, image.rows - image.rows % 2);
  writer_->write(image(even).clone());
  ++frames_;
}

void VideoWriter::close() {
  if (!writer_) return;
  writer_.reset();
  std::error_code error;
  const auto size = std::filesystem::file_size(file_, error);
  if (frames_ > 0 && (error || size == 0)) {
    throw std::runtime_error(file_ + ": the video was not written; is the disk full?");
  }
}

Video read_video(const std::string& file, const VideoSelection& selection) {
  if (!std::filesystem::is_regular_file(file)) {
    throw std::runtime_error(file + ": expected a video file, found none");
  }
  if (selection.every < 1 || selection.limit < 0 || selection.height < 0 || selection.width < 0) {
    throw std::invalid_argument("read_video: selection: expected every >= 1 and nothing negative");
  }
  cv::VideoCapture capture;
  if (!open(capture, file)) {
    throw std::runtime_error(file + ": cannot decode; expected a video that OpenCV can read");
  }
  Video video;
  video.frames_per_s = capture.get(cv::CAP_PROP_FPS);
  std::vector<torch::Tensor> frames;
  cv::Mat image, resized;
  for (int64_t i = 0; selection.limit == 0 || static_cast<int64_t>(frames.size()) < selection.limit;
       ++i) {
    if (!capture.read(image) || image.empty()) break;
    if (i % selection.every != 0) continue;
    if (selection.height > 0 || selection.width > 0) {
      const cv::Size size(static_cast<int>(selection.width > 0 ? selection.width : image.cols),
                          static_cast<int>(selection.height > 0 ? selection.height : image.rows));
      cv::resize(image, resized, size, 0, 0, cv::INTER_AREA);
      frames.push_back(from_opencv(resized));
    } else {
      frames.push_back(from_opencv(image));
    }
  }
  if (frames.empty()) throw std::runtime_error(file + ": expected frames, decoded none");
  video.frames = torch::stack(frames);
  return video;
}

std::vector<std::string> video_codecs() {
  std::vector<std::string> names;
  for (const Codec& codec : kCodecs) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("mint_codec_" + std::to_string(::getpid()) + codec.extension);
    if (open(file.string(), codec, 64, 64, 10)) names.push_back(codec.name);
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
  }
  return names;
}

}  // namespace mint::perception
