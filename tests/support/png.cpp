#include "tests/support/png.h"

#include <algorithm>
#include <stdexcept>

#include <opencv2/imgcodecs.hpp>

namespace mint::tests {
namespace {

// OpenCV keeps blue first.
void swap_red_and_blue(std::vector<uint8_t>& rgb) {
  for (size_t i = 0; i + 2 < rgb.size(); i += 3) std::swap(rgb[i], rgb[i + 2]);
}

}  // namespace

envs::Image read_png(const std::filesystem::path& file) {
  const cv::Mat pixels = cv::imread(file.string(), cv::IMREAD_COLOR);
  if (pixels.empty()) throw std::runtime_error(file.string() + ": not a readable image");
  envs::Image image;
  image.width = pixels.cols;
  image.height = pixels.rows;
  image.rgb.assign(pixels.data, pixels.data + pixels.total() * 3);
  swap_red_and_blue(image.rgb);
  return image;
}

void write_png(const std::filesystem::path& file, const envs::Image& image) {
  std::vector<uint8_t> bgr = image.rgb;
  swap_red_and_blue(bgr);
  if (!cv::imwrite(file.string(), cv::Mat(image.height, image.width, CV_8UC3, bgr.data()))) {
    throw std::runtime_error(file.string() + ": cannot write");
  }
}

}  // namespace mint::tests
