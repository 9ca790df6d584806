#include "perception/video.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <torch/torch.h>
#include <opencv2/videoio.hpp>

#include "perception/finish_file.h"
#include "perception/gif.h"
#include "perception/opencv_image.h"
#include "perception/video_reader.h"

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

// In lower case, with its dot.
std::string extension_of(const std::string& file) {
  std::string text = std::filesystem::path(file).extension().string();
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_container(const std::string& extension) {
  return std::any_of(std::begin(kCodecs), std::end(kCodecs),
                     [&](const Codec& codec) { return extension == codec.extension; });
}

// Beside the file, with its extension, from which OpenCV takes the container.
std::string partial_name(const std::string& file) {
  const std::filesystem::path path(file);
  const std::string name = "." + path.stem().string() + ".partial-" + std::to_string(::getpid());
  return (path.parent_path() / (name + path.extension().string())).string();
}

// The encoders do not say why they cannot create a file.
void require_writable(const std::string& file) {
  if (std::filesystem::is_directory(file)) {
    throw std::runtime_error(file + ": cannot be written: " + std::strerror(EISDIR));
  }
  const std::string probe = partial_name(file);
  const int descriptor = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    throw std::runtime_error(file + ": cannot be written: " + std::strerror(errno));
  }
  ::close(descriptor);
  ::unlink(probe.c_str());
}

}  // namespace

void require_video_file(const std::string& file) {
  const std::string extension = extension_of(file);
  if (!extension.empty() && extension != ".gif" && !is_container(extension)) {
    throw std::invalid_argument(
        file + ": video: expected a name that ends in .mp4, .avi or .gif, got " + extension);
  }
  require_writable(file);
}

VideoWriter::VideoWriter(const std::string& file, int64_t height, int64_t width,
                         double frames_per_s)
    : file_(file), height_(height), width_(width) {
  if (height < 2 || width < 2 || !(frames_per_s > 0)) {
    throw std::invalid_argument("VideoWriter: " + file +
                                ": expected sides >= 2 and a positive "
                                "frame rate, got " +
                                std::to_string(height) + " x " + std::to_string(width) + " at " +
                                std::to_string(frames_per_s));
  }
  require_video_file(file);
  const std::string extension = extension_of(file);
  if (extension == ".gif") {
    open_gif(frames_per_s);
  } else if (!open_codec(extension, frames_per_s)) {
    throw std::runtime_error(file + ": video: expected OpenCV to have a codec of " +
                             (extension.empty() ? ".mp4 or .avi" : extension) +
                             ", got none that works; a .gif needs none");
  }
}

VideoWriter::~VideoWriter() {
  if (partial_.empty()) return;
  writer_.reset();
  gif_.reset();
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
}

void VideoWriter::open_gif(double frames_per_s) {
  partial_ = partial_name(file_);
  codec_ = "GIF";
  gif_file_.open(partial_, std::ios::binary);
  try {
    gif_ = std::make_unique<GifWriter>(gif_file_, static_cast<int>(height_),
                                       static_cast<int>(width_), frames_per_s);
  } catch (...) {  // the destructor of what was never made does not run
    std::filesystem::remove(partial_);
    throw;
  }
}

// The first codec of the container `extension` (of any when it is empty) that works.
bool VideoWriter::open_codec(const std::string& extension, double frames_per_s) {
  for (const Codec& codec : kCodecs) {
    if (!extension.empty() && extension != codec.extension) continue;
    const std::string name = extension.empty() ? file_ + codec.extension : file_;
    partial_ = partial_name(name);
    writer_ = open(partial_, codec, height_ - height_ % 2, width_ - width_ % 2, frames_per_s);
    if (writer_) {
      file_ = name;
      codec_ = codec.name;
      return true;
    }
    std::error_code ignored;
    std::filesystem::remove(partial_, ignored);
  }
  return false;
}

void VideoWriter::write(const torch::Tensor& frame) {
  const cv::Mat image = to_opencv(frame, "VideoWriter::write");
  if (image.rows != height_ || image.cols != width_) {
    throw std::invalid_argument("VideoWriter::write: frame: expected " + std::to_string(height_) +
                                " x " + std::to_string(width_) + ", got " +
                                std::to_string(image.rows) + " x " + std::to_string(image.cols));
  }
  if (gif_) {
    gif_->write(frame.permute({1, 2, 0}).contiguous().data_ptr<uint8_t>());
  } else {
    const cv::Rect even(0, 0, image.cols - image.cols % 2, image.rows - image.rows % 2);
    writer_->write(image(even).clone());
  }
  ++frames_;
}

void VideoWriter::close() {
  if (partial_.empty()) return;
  if (frames_ == 0) throw std::runtime_error(file_ + ": video: expected a frame, got none");
  if (gif_) {
    finish_gif();
  } else {
    writer_.reset();
    check_frames();
  }
  finish_file(partial_, file_);
  partial_.clear();
}

void VideoWriter::finish_gif() {
  errno = 0;
  gif_->finish();
  gif_file_.close();
  if (gif_file_) return;
  throw std::runtime_error(
      file_ + ": cannot be written: " + (errno ? std::strerror(errno) : "is the disk full?"));
}

// OpenCV does not say that the disk was full: frames are missing then.
void VideoWriter::check_frames() const {
  int64_t found = 0;
  try {
    VideoReader reader(partial_);
    while (reader.skip()) ++found;
  } catch (const std::runtime_error&) {  // too little of it to be a video
  }
  if (found != frames_) {
    throw std::runtime_error(file_ + ": cannot be written: expected " + std::to_string(frames_) +
                             " frames in it, got " + std::to_string(found) + "; is the disk full?");
  }
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
