// The entropy layer for one image at a time on the CPU: raw pointers, no torch.
#pragma once

#include <cstdint>
#include <vector>

#include "perception/entropy_preprocessing.h"
#include "perception/entropy_regions.h"

namespace mint::perception {

// Holds the tables for one image size and the scratch memory of one call, so use one per thread.
class EntropyKernel {
 public:
  // height, width: of the images; grid_height, grid_width: of the entropy images; region: R, odd;
  // channels: C. REQUIRES: all sizes >= 1, region odd.
  EntropyKernel(int64_t height, int64_t width, int64_t grid_height, int64_t grid_width,
                int64_t region, int64_t channels = 3);

  // image [C, H, W] -> entropy [HH, WW], values -1e-8 .. ln(C R^2), 0 on a ring of (R-1)/2 pixels.
  // The stages are those of all channels, each [C, HH, WW].
  void operator()(const uint8_t* image, float* entropy, const EntropyStages& stages = {});

 private:
  int64_t height_, width_, grid_height_, grid_width_, region_, channels_;
  EntropyPreprocessing preprocessing_;
  RegionEntropyTable table_;
  std::vector<uint8_t> division_;  // [C, HH, WW] and padding
};

}  // namespace mint::perception
