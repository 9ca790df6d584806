// The film that `mint play --video` writes: 8 frames per second, the real time of the environments.
#pragma once

#include <memory>
#include <string>

#include "envs/draw.h"

namespace mint::perception {
class VideoWriter;
}

namespace mint::training {

class Film {
 public:
  // The name's extension is the format: .mp4, .avi, .gif. Throws ConfigError for another one,
  // std::runtime_error when the folder cannot be written.
  explicit Film(const std::string& file);
  ~Film();  // removes what was not finished

  // All of one size. Throws std::runtime_error when the file cannot be written.
  void take(const envs::Image& image);

  // After the last frame, of which there must be one: the file has its name from here on. Returns
  // "a.gif: 41 frames, 384 x 384".
  std::string finish();

 private:
  std::string file_;
  std::unique_ptr<perception::VideoWriter> writer_;  // none before the first frame
  int frames_ = 0;
  std::string size_;  // "384 x 384"
};

}  // namespace mint::training
