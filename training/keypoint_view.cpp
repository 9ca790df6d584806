#include "training/keypoint_view.h"

#include <algorithm>

#include <torch/torch.h>

#include "perception/detector.h"
#include "perception/overlay.h"
#include "training/agent.h"
#include "training/image_tensor.h"

namespace mint::training {
namespace {

constexpr double kRadius_px = 5;  // of a keypoint in a picture of 384 pixels a side
constexpr int64_t kTrail = 8;     // frames

}  // namespace

struct KeypointView::Seen {
  int64_t size = 0;  // px, of the detector's frames
  perception::Keypoints newest;
  std::vector<perception::Keypoints> trail;  // the last few, the newest at the end
};

KeypointView::KeypointView(std::shared_ptr<perception::Detector> detector)
    : detector_(std::move(detector)), seen_(std::make_unique<Seen>()) {}

KeypointView::~KeypointView() = default;

std::unique_ptr<KeypointView> KeypointView::of_run(const std::string& run) {
  return std::make_unique<KeypointView>(load_detector(run));
}

void KeypointView::reset() {
  seen_ = std::make_unique<Seen>();
}

const perception::Keypoints& KeypointView::look(const std::vector<uint8_t>& frame, int size) {
  seen_->size = size;
  seen_->newest = detector_->detect(to_tensor(frame, size, size).unsqueeze(0));
  seen_->trail.push_back(seen_->newest);
  if (seen_->trail.size() > kTrail) seen_->trail.erase(seen_->trail.begin());
  return seen_->newest;
}

envs::Image KeypointView::over(const envs::Image& picture) const {
  if (seen_->trail.empty()) return picture;
  perception::OverlayStyle style;
  style.scale = std::max(1, envs::kFullSize_px / picture.width);
  style.radius_px = kRadius_px * picture.width / envs::kFullSize_px;
  style.trail = kTrail;
  // A whole coordinate is the centre of one of the detector's pixels, not of one of the picture's.
  const double shift = 0.5 / static_cast<double>(seen_->size) - 0.5 / picture.width;
  std::vector<torch::Tensor> xy, active;
  for (const perception::Keypoints& keypoints : seen_->trail) {
    xy.push_back(keypoints.xy + shift);
    active.push_back(keypoints.active);
  }
  const auto count = static_cast<int64_t>(xy.size());
  const auto images = to_tensor(picture.rgb, picture.height, picture.width)
                          .unsqueeze(0)
                          .expand({count, -1, -1, -1});
  return to_image(
      perception::draw_keypoints(images, {torch::cat(xy), torch::cat(active)}, count - 1, style));
}

void write_png(const std::string& file, const envs::Image& image) {
  perception::write_png(file, to_tensor(image.rgb, image.height, image.width));
}

}  // namespace mint::training
