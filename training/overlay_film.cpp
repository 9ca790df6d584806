#include "training/overlay_film.h"

#include <algorithm>
#include <cmath>

#include <torch/torch.h>

#include "perception/overlay.h"
#include "perception/video.h"
#include "perception/video_reader.h"

namespace mint::training {
namespace {

constexpr int64_t kSmallestPanel_px = 384;  // height; smaller frames are enlarged
constexpr int64_t kWidestFilm_px = 1920;    // panels of larger frames shrink to fit
constexpr int64_t kPanelGap_px = 4;

perception::Keypoints appended(const perception::Keypoints& past,
                               const perception::Keypoints& newest, int64_t most) {
  if (!past.xy.defined()) return newest;
  const int64_t first = std::max<int64_t>(0, past.xy.size(0) + 1 - most);
  return {torch::cat({past.xy.slice(0, first), newest.xy}),
          torch::cat({past.active.slice(0, first), newest.active})};
}

}  // namespace

OverlayFilm::OverlayFilm(const std::string& file, double frames_per_s,
                         std::vector<std::string> labels, int64_t trail)
    : file_(file), frames_per_s_(frames_per_s), labels_(std::move(labels)), trail_(trail) {
  past_.resize(labels_.size());
  if (!file_.empty()) perception::require_video_file(file_);
}

OverlayFilm::~OverlayFilm() = default;

torch::Tensor OverlayFilm::panel(const torch::Tensor& frame, size_t detector) const {
  const perception::Keypoints& past = past_[detector];
  const int64_t length = past.xy.size(0);
  perception::OverlayStyle style;
  style.scale = std::max<int64_t>(1, (kSmallestPanel_px + frame.size(1) / 2) / frame.size(1));
  style.trail = trail_;
  const double height = static_cast<double>(frame.size(1));
  style.radius_px = std::max(1.2, height / 110);
  style.line_px = std::max(0.25, height / 300);
  // Trails need positions only: the same frame stands for those before it.
  const auto frames = frame.unsqueeze(0).expand({length, -1, -1, -1});
  const auto picture = perception::draw_keypoints(frames, past, length - 1, style);
  const auto count = past.active[length - 1].sum().item<int64_t>();
  return perception::add_label(picture,
                               labels_[detector] + ": " + std::to_string(count) + " active");
}

void OverlayFilm::take(int64_t number, const torch::Tensor& frame,
                       const std::vector<perception::Keypoints>& found) {
  const auto panels = static_cast<int64_t>(found.size());
  const int64_t room = (kWidestFilm_px - kPanelGap_px * (panels - 1)) / panels;
  torch::Tensor shown = frame;
  if (frame.size(2) > room) {
    const int64_t height = std::max<int64_t>(2, frame.size(1) * room / frame.size(2));
    shown = perception::resize_frame(frame, height, room);
  }
  std::vector<torch::Tensor> pictures;
  for (size_t d = 0; d < found.size(); ++d) {
    past_[d] = appended(past_[d], found[d], trail_ + 1);
    pictures.push_back(panel(shown, d));
  }
  const auto picture = perception::make_grid(pictures, panels, kPanelGap_px);
  if (!file_.empty()) {
    if (!writer_) {
      writer_ = std::make_unique<perception::VideoWriter>(file_, picture.size(1), picture.size(2),
                                                          frames_per_s_);
    }
    writer_->write(picture);
  }
  keep(number, picture);
}

void OverlayFilm::keep(int64_t number, const torch::Tensor& image) {
  if (frames_++ % stride_ != 0) return;
  pictures_.push_back({number, image});
  if (pictures_.size() <= kMostPictures) return;
  // The film is longer than thought: every second picture stays.
  stride_ *= 2;
  std::vector<FilmPicture> kept;
  for (size_t i = 0; i < pictures_.size(); i += 2) kept.push_back(pictures_[i]);
  pictures_ = std::move(kept);
}

std::string OverlayFilm::finish() {
  if (!writer_) return "";
  writer_->close();
  return writer_->file();
}

}  // namespace mint::training
