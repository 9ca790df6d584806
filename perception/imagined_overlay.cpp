#include "perception/imagined_overlay.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include <torch/torch.h>
#include <opencv2/imgproc.hpp>

#include "perception/opencv_image.h"

namespace mint::perception {
namespace {

constexpr int kFractionBits = 4;  // OpenCV draws at 1/16 pixel
constexpr double kMostOpaque = 0.75;
constexpr double kLeastOpaque = 0.15;

void check_future(const torch::Tensor& frame, const Keypoints& now, const torch::Tensor& future) {
  const bool fits = frame.dim() == 3 && now.xy.dim() == 3 && now.xy.size(0) == 1 &&
                    future.dim() == 3 && future.size(1) == now.xy.size(1) && future.size(2) == 2;
  if (fits) return;
  std::ostringstream message;
  message << "draw_imagined: future: expected [F, K, 2] with a frame [3, H, W] and keypoints "
             "[1, K, 2], got "
          << future.sizes() << ", frame " << frame.sizes() << ", keypoints " << now.xy.sizes();
  throw std::invalid_argument(message.str());
}

}  // namespace

torch::Tensor draw_imagined(const torch::Tensor& frame, const Keypoints& now,
                            const torch::Tensor& future, const OverlayStyle& style) {
  check_future(frame, now, future);
  const double scale = static_cast<double>(style.scale);
  cv::Mat picture;
  cv::resize(to_opencv(frame, "draw_imagined"), picture, {}, scale, scale, cv::INTER_NEAREST);
  // Whole numbers of x W are centres of the frame's pixels; here they are of the picture's.
  const torch::Tensor shift =
      torch::tensor({(scale - 1) / 2 / picture.cols, (scale - 1) / 2 / picture.rows});
  const torch::Tensor path = torch::cat({now.xy, future.to(now.xy)}).cpu().to(torch::kFloat) +
                             shift.to(torch::kFloat);  // [F + 1, K, 2]
  const torch::Tensor active = now.active.cpu().to(torch::kFloat);
  const auto places = path.accessor<float, 3>();
  const auto statuses = active.accessor<float, 2>();
  const auto place = [&](int64_t h, int64_t k) {
    constexpr double unit = 1 << kFractionBits;
    return cv::Point{static_cast<int>(std::lround(places[h][k][0] * picture.cols * unit)),
                     static_cast<int>(std::lround(places[h][k][1] * picture.rows * unit))};
  };
  const int thin = std::max(1, static_cast<int>(std::lround(scale * style.line_px)));
  const int radius = static_cast<int>(std::lround(0.8 * style.radius_px * scale * 16));

  const int64_t frames = future.size(0);
  for (int64_t h = frames; h >= 1; --h) {  // near ones over far ones
    const double share =
        static_cast<double>(h - 1) / static_cast<double>(std::max(frames, int64_t{2}) - 1);
    const double opacity = kMostOpaque + share * (kLeastOpaque - kMostOpaque);
    cv::Mat drawn = picture.clone();
    for (int64_t k = 0; k < path.size(1); ++k) {
      if (statuses[0][k] <= 0.5f) continue;
      const auto colour = keypoint_colour(k);
      const cv::Scalar bgr(colour[2], colour[1], colour[0]);
      cv::line(drawn, place(h - 1, k), place(h, k), bgr, thin, cv::LINE_AA, kFractionBits);
      cv::circle(drawn, place(h, k), radius, bgr, cv::FILLED, cv::LINE_AA, kFractionBits);
    }
    cv::addWeighted(drawn, opacity, picture, 1 - opacity, 0, picture);
  }
  OverlayStyle solid = style;
  solid.scale = 1;
  solid.trail = 0;
  solid.radius_px = scale * style.radius_px;
  solid.line_px = scale * style.line_px;
  const Keypoints present{path.narrow(0, 0, 1), active};
  return draw_keypoints(from_opencv(picture).unsqueeze(0), present, 0, solid);
}

}  // namespace mint::perception
