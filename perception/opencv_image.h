// Between our images (uint8 [3, H, W], RGB) and OpenCV's (H x W, interleaved, BGR). Both copy.
#pragma once

#include <torch/types.h>
#include <opencv2/core/mat.hpp>

namespace mint::perception {

// Throws std::invalid_argument unless `image` is uint8 [3, H, W]; `where` starts the message.
cv::Mat to_opencv(const torch::Tensor& image, const char* where);

torch::Tensor from_opencv(const cv::Mat& bgr);  // 8 bit, 3 channels

// The image at another size, as detectors are trained and used: area averages where both sides
// shrink by whole ratios (as MAGICAL's frames do), else bilinear with half-pixel centres.
cv::Mat resized(const cv::Mat& image, int64_t height, int64_t width);

}  // namespace mint::perception
