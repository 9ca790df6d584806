// Videos of the metric fixtures (shared/fixtures/baselines).
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "perception/pixel_keypoints.h"
#include "tests/support/fixtures.h"
#include "tests/support/npy.h"

namespace mint::tests {

struct MetricsCase {
  perception::PixelKeypoints keypoints;
  std::vector<perception::FrameObjects> objects;
};

// Files <prefix>_{masks,present,coords,active}.npy.
inline MetricsCase load_metrics_case(const std::filesystem::path& prefix) {
  const auto load = [&](const std::string& name) { return read_npy(prefix.string() + name); };
  const Array masks = load("_masks.npy"), present = load("_present.npy");
  const Array coords = load("_coords.npy"), active = load("_active.npy");
  MetricsCase video;
  video.keypoints.frames = active.shape.at(0);
  video.keypoints.keypoints = active.shape.at(1);
  video.keypoints.height = masks.shape.at(2);
  video.keypoints.width = masks.shape.at(3);
  video.keypoints.xy = coords.values;
  video.keypoints.active.assign(active.values.begin(), active.values.end());
  const std::vector<uint8_t> pixels(masks.values.begin(), masks.values.end());
  const int64_t height = video.keypoints.height, width = video.keypoints.width;
  video.objects.resize(static_cast<size_t>(video.keypoints.frames));
  for (int64_t t = 0; t < masks.shape.at(0); ++t) {
    for (int64_t o = 0; o < masks.shape.at(1); ++o) {
      const int64_t row = t * masks.shape.at(1) + o;
      if (present.values[static_cast<size_t>(row)] == 0) continue;
      video.objects[static_cast<size_t>(t)].push_back(
          {static_cast<int>(o),
           perception::RunLengthMask::from_bitmap(
               &pixels[static_cast<size_t>(row * height * width)], height, width)});
    }
  }
  return video;
}

// JSON null is NaN.
inline double number_or_nan(const nlohmann::json& value) {
  return value.is_null() ? std::nan("") : value.get<double>();
}

// Undefined where expected is; else within 1e-9 relative.
inline void expect_value(double value, double expected, const char* name) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(value)) << name << " is " << value;
  } else {
    EXPECT_NEAR(value, expected, 1e-9 * (1 + std::abs(expected))) << name;
  }
}

}  // namespace mint::tests
