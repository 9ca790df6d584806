// Video files written through OpenCV. Frames are uint8 [3, H, W], RGB. Reading is in
// perception/video_reader.h.
#pragma once

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <torch/types.h>

namespace cv {
class VideoWriter;
}

namespace mint::perception {

class GifWriter;

// Writes one video, which appears under its name when it is whole: until close() it is a hidden
// file beside it.
//
// The name chooses the format: .mp4 is H.264 (avc1) or, where that does not work, MPEG-4 (mp4v);
// .avi is Motion JPEG; .gif repeats for ever (perception/gif.h). A name without an extension gets
// that of the first codec of the three that works here. GIF needs no codec.
class VideoWriter {
 public:
  // Sizes are those of the frames, pixels; all but GIF cut an odd size by one pixel, since H.264
  // needs even ones. Replaces an existing file. Throws std::invalid_argument for another extension,
  // std::runtime_error when no codec works or the folder cannot be written.
  VideoWriter(const std::string& file, int64_t height, int64_t width, double frames_per_s);
  ~VideoWriter();  // removes what was not closed
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  // Throws std::invalid_argument for another size.
  void write(const torch::Tensor& frame);

  // Finishes the file and gives it its name. Throws std::runtime_error when it has no frame or
  // could not be written whole.
  void close();

  const std::string& file() const { return file_; }    // with the extension in use
  const std::string& codec() const { return codec_; }  // "avc1", "mp4v", "MJPG" or "GIF"

 private:
  bool open_codec(const std::string& extension, double frames_per_s);
  void open_gif(double frames_per_s);
  void finish_gif();
  void check_frames() const;

  std::string file_, partial_, codec_;  // partial_: until close(); empty after it
  int64_t height_, width_, frames_ = 0;
  std::unique_ptr<cv::VideoWriter> writer_;  // this
  std::ofstream gif_file_;                   // or these
  std::unique_ptr<GifWriter> gif_;
};

// What VideoWriter throws for a name that it cannot write, before there is anything to write.
void require_video_file(const std::string& file);

// Codecs that can be written here, in the order in which VideoWriter tries them. Slow (it tries).
std::vector<std::string> video_codecs();

}  // namespace mint::perception
