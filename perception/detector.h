// The contract of a keypoint detector. Implementations: MINT (perception/mint_detector.h),
// Transporter (perception/transporter_detector.h), Video Structure
// (perception/video_structure_detector.h).
//
// To add a detector: one file pair, one line in perception/detector_registry.cpp, one YAML.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <torch/nn/module.h>

#include "perception/keypoints.h"

namespace mint::perception {

class Detector {
 public:
  virtual ~Detector() = default;

  // images: uint8 [N, 3, H, W], RGB. Evaluation mode, no gradient; any N, processed in chunks, the
  // result of an image does not depend on its neighbours. Throws std::invalid_argument for another
  // dtype, rank or image size.
  virtual Keypoints detect(const torch::Tensor& images) = 0;

  virtual int64_t keypoints() const = 0;  // K
  virtual int64_t height() const = 0;     // H of the images, pixels
  virtual int64_t width() const = 0;      // W
  virtual std::string name() const = 0;   // "mint"

  // Its weights and buffers, for saving and loading.
  virtual torch::nn::Module& module() = 0;
};

}  // namespace mint::perception
