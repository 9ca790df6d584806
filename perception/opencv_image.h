// Between our images (uint8 [3, H, W], RGB) and OpenCV's (H x W, interleaved, BGR). Both copy.
#pragma once

#include <torch/types.h>
#include <opencv2/core/mat.hpp>

namespace mint::perception {

// Throws std::invalid_argument unless `image` is uint8 [3, H, W]; `where` starts the message.
cv::Mat to_opencv(const torch::Tensor& image, const char* where);

torch::Tensor from_opencv(const cv::Mat& bgr);  // 8 bit, 3 channels

}  // namespace mint::perception
