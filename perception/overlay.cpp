#include "perception/overlay.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <torch/torch.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "perception/finish_file.h"
#include "perception/opencv_image.h"

namespace mint::perception {
namespace {

constexpr int kSubpixelBits = 4;  // OpenCV draws at 1/16 pixel

cv::Scalar bgr(const std::array<uint8_t, 3>& rgb) {
  return {double(rgb[2]), double(rgb[1]), double(rgb[0])};
}

cv::Point fixed_point(double x, double y) {
  constexpr double unit = 1 << kSubpixelBits;
  return {static_cast<int>(std::lround(x * unit)), static_cast<int>(std::lround(y * unit))};
}

void check(const torch::Tensor& images, const Keypoints& keypoints, int64_t index,
           const OverlayStyle& style) {
  const bool shapes_fit = images.dim() == 4 && keypoints.xy.dim() == 3 &&
                          keypoints.xy.size(0) == images.size(0) && keypoints.xy.size(2) == 2 &&
                          keypoints.active.sizes() == keypoints.xy.sizes().slice(0, 2);
  if (!shapes_fit || index < 0 || index >= images.size(0)) {
    std::ostringstream message;
    message << "draw_keypoints: images: expected [N, 3, H, W] with keypoints of the same N and "
               "0 <= index < N, got "
            << images.sizes() << ", xy " << keypoints.xy.sizes() << ", active "
            << keypoints.active.sizes() << ", index " << index;
    throw std::invalid_argument(message.str());
  }
  if (style.scale < 1) {
    throw std::invalid_argument("draw_keypoints: style.scale: expected at least 1, got " +
                                std::to_string(style.scale));
  }
}

}  // namespace

std::array<uint8_t, 3> keypoint_colour(int64_t index) {
  // Hues a golden ratio apart, never repeating; two brightnesses help to tell near hues apart.
  const double hue = std::fmod(0.61803398875 * static_cast<double>(index), 1.0) * 6;
  const double value = index % 2 == 0 ? 1.0 : 0.75;
  const auto channel = [&](double shift) {
    const double k = std::fmod(shift + hue, 6.0);
    const double level = value * (1 - 0.9 * std::clamp(std::min(k, 4 - k), 0.0, 1.0));
    return static_cast<uint8_t>(std::lround(255 * level));
  };
  return {channel(5), channel(3), channel(1)};
}

torch::Tensor draw_keypoints(const torch::Tensor& images, const Keypoints& keypoints, int64_t index,
                             const OverlayStyle& style) {
  check(images, keypoints, index, style);
  const cv::Mat frame = to_opencv(images[index], "draw_keypoints");
  const double scale = static_cast<double>(style.scale);
  cv::Mat picture;
  cv::resize(frame, picture, {}, scale, scale, cv::INTER_NEAREST);

  const torch::Tensor xy = keypoints.xy.to(torch::kCPU, torch::kFloat);
  const torch::Tensor active = keypoints.active.to(torch::kCPU, torch::kFloat);
  const auto positions = xy.accessor<float, 3>();
  const auto statuses = active.accessor<float, 2>();
  const auto is_active = [&](int64_t n, int64_t k) { return statuses[n][k] > 0.5f; };
  // x W is a position in pixels of the frame, where whole numbers are centres of pixels.
  const auto place = [&](int64_t n, int64_t k) {
    return fixed_point(positions[n][k][0] * picture.cols + scale / 2 - 0.5,
                       positions[n][k][1] * picture.rows + scale / 2 - 0.5);
  };
  const int thin = std::max(1, static_cast<int>(std::lround(scale * style.line_px)));
  const int radius = static_cast<int>(std::lround(style.radius_px * scale * (1 << kSubpixelBits)));

  for (int64_t k = 0; k < xy.size(1); ++k) {
    const cv::Scalar colour = bgr(keypoint_colour(k));
    for (int64_t n = std::max<int64_t>(1, index - style.trail + 1); n <= index; ++n) {
      if (is_active(n - 1, k) && is_active(n, k)) {
        cv::line(picture, place(n - 1, k), place(n, k), colour, thin, cv::LINE_AA, kSubpixelBits);
      }
    }
  }
  for (int64_t k = 0; k < xy.size(1); ++k) {
    if (!is_active(index, k) && !style.draws_inactive) continue;
    const cv::Scalar colour = bgr(keypoint_colour(k));
    const cv::Point at = place(index, k);
    if (is_active(index, k)) {
      cv::circle(picture, at, radius, colour, cv::FILLED, cv::LINE_AA, kSubpixelBits);
      cv::circle(picture, at, radius, {0, 0, 0}, 1, cv::LINE_AA, kSubpixelBits);
    } else {
      cv::circle(picture, at, radius, colour, thin, cv::LINE_AA, kSubpixelBits);
    }
    if (style.draws_numbers) {
      const cv::Point corner((at.x + radius) >> kSubpixelBits, (at.y - radius) >> kSubpixelBits);
      cv::putText(picture, std::to_string(k), corner, cv::FONT_HERSHEY_SIMPLEX, 0.09 * scale,
                  {0, 0, 0}, 1, cv::LINE_AA);
    }
  }
  return from_opencv(picture);
}

int64_t label_height(int64_t width) {
  return std::clamp<int64_t>(width / 24, 12, 36) / 2 * 2;  // even, as videos need it
}

torch::Tensor add_label(const torch::Tensor& image, const std::string& text) {
  const cv::Mat picture = to_opencv(image, "add_label");
  const int strip = static_cast<int>(label_height(picture.cols));
  cv::Mat labelled(picture.rows + strip, picture.cols, CV_8UC3, cv::Scalar::all(255));
  picture.copyTo(labelled.rowRange(strip, labelled.rows));
  cv::Mat header = labelled.rowRange(0, strip);
  const double size = strip / 36.0;  // of this font, 1: capitals are 21 pixels high
  cv::putText(header, text, {strip / 4, strip * 3 / 4}, cv::FONT_HERSHEY_SIMPLEX, size, {0, 0, 0},
              strip > 24 ? 2 : 1, cv::LINE_AA);
  return from_opencv(labelled);
}

torch::Tensor make_grid(const std::vector<torch::Tensor>& images, int64_t columns, int64_t gap) {
  if (images.empty() || columns < 1 || gap < 0) {
    throw std::invalid_argument("make_grid: expected images, columns >= 1 and gap >= 0, got " +
                                std::to_string(images.size()) + " images, " +
                                std::to_string(columns) + " columns, gap " + std::to_string(gap));
  }
  const int64_t count = static_cast<int64_t>(images.size());
  columns = std::min(columns, count);
  const int64_t rows = (count + columns - 1) / columns;
  const int64_t height = images[0].size(1), width = images[0].size(2);
  torch::Tensor grid = torch::full({3, rows * (height + gap) - gap, columns * (width + gap) - gap},
                                   255, torch::kUInt8);
  for (int64_t i = 0; i < count; ++i) {
    if (images[i].sizes() != images[0].sizes()) {
      std::ostringstream message;
      message << "make_grid: image " << i << ": expected " << images[0].sizes() << ", got "
              << images[i].sizes();
      throw std::invalid_argument(message.str());
    }
    const int64_t top = i / columns * (height + gap), left = i % columns * (width + gap);
    grid.slice(1, top, top + height).slice(2, left, left + width).copy_(images[i]);
  }
  return grid;
}

void write_png(const std::string& file, const torch::Tensor& image) {
  const cv::Mat bgr_image = to_opencv(image, "write_png");
  std::vector<unsigned char> bytes;
  try {
    cv::imencode(std::filesystem::path(file).extension().string(), bgr_image, bytes);
  } catch (const cv::Exception&) {  // an extension that OpenCV does not know
  }
  if (bytes.empty()) {
    throw std::runtime_error(file + ": cannot write a picture; expected a name that ends in .png");
  }
  const std::string partial = file + ".partial";
  errno = 0;
  std::ofstream stream(partial, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream) {
    const std::string reason = errno ? std::strerror(errno) : "unknown reason";
    std::remove(partial.c_str());
    throw std::runtime_error(file + ": cannot be written: " + reason);
  }
  finish_file(partial, file);
}

}  // namespace mint::perception
