#include "training/commands/film.h"

#include <stdexcept>

#include "envs/world.h"
#include "perception/video.h"
#include "training/config_error.h"
#include "training/image_tensor.h"

namespace mint::training {

Film::Film(const std::string& file) : file_(file) {
  try {
    perception::require_video_file(file);
  } catch (const std::invalid_argument& error) {
    throw ConfigError("command line: --video: " + std::string(error.what()));
  }
}

Film::~Film() = default;

void Film::take(const envs::Image& image) {
  if (!writer_) {
    writer_ = std::make_unique<perception::VideoWriter>(file_, image.height, image.width,
                                                        1 / envs::kControlStep_s);
    size_ = std::to_string(image.width) + " x " + std::to_string(image.height);
  }
  writer_->write(to_tensor(image.rgb, image.height, image.width));
  ++frames_;
}

std::string Film::finish() {
  writer_->close();
  return writer_->file() + ": " + std::to_string(frames_) + " frames, " + size_;
}

}  // namespace mint::training
