// Keypoints that a detector finds in what is shown, drawn over it with their trails.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "envs/draw.h"

namespace mint::perception {
class Detector;
struct Keypoints;
}  // namespace mint::perception

namespace mint::training {

class KeypointView {
 public:
  explicit KeypointView(std::shared_ptr<perception::Detector> detector);
  ~KeypointView();

  // With the detector of a run of `mint pretrain` or `mint clone`.
  static std::unique_ptr<KeypointView> of_run(const std::string& run);

  void reset();  // forgets the trails

  // Finds the keypoints of the next frame, RGB [size, size, 3]; returns them.
  const perception::Keypoints& look(const std::vector<uint8_t>& frame, int size);

  // Draws the newest keypoints over a square picture of the same view, of at least 384 pixels a
  // side or enlarged to that.
  envs::Image over(const envs::Image& picture) const;

 private:
  struct Seen;
  std::shared_ptr<perception::Detector> detector_;
  std::unique_ptr<Seen> seen_;
};

void write_png(const std::string& file, const envs::Image& image);

}  // namespace mint::training
