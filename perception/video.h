// Video files in and out through OpenCV. Frames are uint8 [3, H, W], RGB.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <torch/types.h>

namespace cv {
class VideoWriter;
}

namespace mint::perception {

// Writes one video. The codec is the first of these that works here: H.264 (avc1), then MPEG-4
// (mp4v), both in .mp4, then Motion JPEG in .avi.
class VideoWriter {
 public:
  // `file` without or with an extension, which follows from the codec: see file(). Sizes are those
  // of the frames, pixels; an odd size is cut by one pixel, since H.264 needs even ones. Throws
  // std::runtime_error when no codec works or the folder cannot be written.
  VideoWriter(const std::string& file, int64_t height, int64_t width, double frames_per_s);
  ~VideoWriter();
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  // Throws std::invalid_argument for another size.
  void write(const torch::Tensor& frame);

  // Finishes the file; the destructor does it, too. Throws std::runtime_error if the file is empty.
  void close();

  const std::string& file() const { return file_; }    // with the extension in use
  const std::string& codec() const { return codec_; }  // "avc1", "mp4v" or "MJPG"

 private:
  std::string file_, codec_;
  int64_t height_, width_, frames_ = 0;
  std::unique_ptr<cv::VideoWriter> writer_;
};

struct Video {
  torch::Tensor frames;     // uint8 [N, 3, H, W], RGB
  double frames_per_s = 0;  // as the file says; 0 if it does not
};

// Which part of a video to read, and how large.
struct VideoSelection {
  int64_t height = 0, width = 0;  // resize to this by area averages; 0: as in the file
  int64_t every = 1;              // keep every n-th frame, from the first
  int64_t limit = 0;              // at most this many frames; 0: all
};

// Any file that OpenCV can decode. Reads what decodes: the header's frame count is not trusted.
// Throws std::runtime_error when the file is missing, is no video or holds no frame.
Video read_video(const std::string& file, const VideoSelection& selection = {});

// Codecs that can be written here, in the order in which VideoWriter tries them. Slow (it tries).
std::vector<std::string> video_codecs();

}  // namespace mint::perception
