// The film of `mint detect`: each frame with the keypoints of every detector and their trails, side
// by side under their names. A few of its pictures are kept for the report.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

#include "perception/keypoints.h"

namespace mint::perception {
class VideoWriter;
}

namespace mint::training {

struct FilmPicture {
  int64_t number = 0;   // of the frame in the video
  torch::Tensor image;  // uint8 [3, H, W], RGB
};

class OverlayFilm {
 public:
  // `file` as perception::VideoWriter takes it; "" makes pictures only. `trail` earlier frames are
  // joined by lines.
  OverlayFilm(const std::string& file, double frames_per_s, std::vector<std::string> labels,
              int64_t trail);
  ~OverlayFilm();  // removes what was not finished

  // Frames of one size in their order, with the keypoints (N = 1) of every detector.
  void take(int64_t number, const torch::Tensor& frame,
            const std::vector<perception::Keypoints>& found);

  // The film has its name from here on. Returns its file, "" without one.
  std::string finish();

  // Up to kMostPictures pictures, evenly over the film from its first frame on.
  const std::vector<FilmPicture>& pictures() const { return pictures_; }

  static constexpr size_t kMostPictures = 8;

 private:
  torch::Tensor panel(const torch::Tensor& frame, size_t detector) const;
  void keep(int64_t number, const torch::Tensor& image);

  std::string file_;
  double frames_per_s_;
  std::vector<std::string> labels_;
  int64_t trail_;
  std::vector<perception::Keypoints> past_;  // by detector: the last frames, this one included
  std::unique_ptr<perception::VideoWriter> writer_;
  std::vector<FilmPicture> pictures_;
  int64_t frames_ = 0;
  int64_t stride_ = 1;  // of the frames kept as pictures
};

}  // namespace mint::training
