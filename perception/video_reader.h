// A video file read frame by frame, for videos that are too long to hold.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/types.h>

namespace cv {
class VideoCapture;
}

namespace mint::perception {

class VideoReader {
 public:
  // Any file that OpenCV can decode. Throws std::runtime_error when it is missing or no video.
  explicit VideoReader(const std::string& file);
  ~VideoReader();
  VideoReader(const VideoReader&) = delete;
  VideoReader& operator=(const VideoReader&) = delete;

  // The next frame, uint8 [3, height, width], RGB; undefined after the last one that decodes.
  // Throws std::runtime_error `file: frame 7: expected 64x48, got 32x24` where the size changes and
  // the decoder says so; OpenCV's FFmpeg goes on with the first size and old pixels.
  torch::Tensor next();

  // Passes over the next frame; false when there is none. Faster than reading it.
  bool skip();

  int64_t decoded() const { return decoded_; }  // frames read and passed over so far
  int64_t announced_frames() const;  // as the header says, which is often wrong; 0: it does not
  double frames_per_s() const;       // as the header says; 0: it does not
  int64_t height() const;            // pixels
  int64_t width() const;

 private:
  std::string file_;
  std::unique_ptr<cv::VideoCapture> capture_;
  std::vector<int64_t> sides_;  // of the frames read so far
  int64_t decoded_ = 0;
};

// Resized to height x width as resized() of perception/opencv_image.h does. Throws
// std::invalid_argument for sides below 1.
torch::Tensor resize_frame(const torch::Tensor& frame, int64_t height, int64_t width);

}  // namespace mint::perception
