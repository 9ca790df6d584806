#include "perception/opencv_image.h"

#include <sstream>
#include <stdexcept>

#include <torch/torch.h>
#include <opencv2/imgproc.hpp>

namespace mint::perception {

cv::Mat to_opencv(const torch::Tensor& image, const char* where) {
  if (image.scalar_type() != torch::kUInt8 || image.dim() != 3 || image.size(0) != 3) {
    std::ostringstream message;
    message << where << ": image: expected uint8 [3, H, W], got " << image.toString() << " "
            << image.sizes();
    throw std::invalid_argument(message.str());
  }
  torch::Tensor bgr = image.flip(0).permute({1, 2, 0}).contiguous();
  return cv::Mat(static_cast<int>(bgr.size(0)), static_cast<int>(bgr.size(1)), CV_8UC3,
                 bgr.data_ptr<uint8_t>())
      .clone();
}

torch::Tensor from_opencv(const cv::Mat& bgr) {
  const cv::Mat packed = bgr.isContinuous() ? bgr : bgr.clone();
  return torch::from_blob(packed.data, {packed.rows, packed.cols, 3}, torch::kUInt8)
      .permute({2, 0, 1})
      .flip(0)
      .contiguous();
}

cv::Mat resized(const cv::Mat& image, int64_t height, int64_t width) {
  if (image.rows == height && image.cols == width) return image.clone();
  const bool is_whole_ratio = image.cols % width == 0 && image.rows % height == 0;
  cv::Mat result;
  cv::resize(image, result, {static_cast<int>(width), static_cast<int>(height)}, 0, 0,
             is_whole_ratio ? cv::INTER_AREA : cv::INTER_LINEAR);
  return result;
}

}  // namespace mint::perception
