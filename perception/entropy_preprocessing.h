// From an image to the division image that the entropy is counted on: resize, sharpening of narrow
// images, blur, sharpen, divide (spec 5.1 - 5.3), one channel at a time, on the CPU. The arithmetic
// is that of entropy_arithmetic.h.
#pragma once

#include <cstdint>
#include <vector>

#include "perception/entropy_arithmetic.h"

namespace mint::perception {

// Where to write the intermediate images of one channel, each [HH, WW]; null pointers are skipped.
struct EntropyStages {
  float* resized = nullptr;      // 0..255
  uint8_t* sharpened = nullptr;  // left alone for wide images, which have no such stage
  uint8_t* smooth = nullptr;
  uint8_t* sharp = nullptr;
  uint8_t* division = nullptr;
};

// Holds the tables for one image size and the scratch memory of one call, so use one per thread.
class EntropyPreprocessing {
 public:
  // Images narrower than kNarrowWidth are sharpened. REQUIRES: all sizes >= 1, grids below 2^20
  // on a side.
  EntropyPreprocessing(int64_t height, int64_t width, int64_t grid_height, int64_t grid_width);

  // channel [H, W] -> division [HH, WW].
  void operator()(const uint8_t* channel, uint8_t* division, const EntropyStages& stages = {});

 private:
  // An image with a frame of two zeros on every side.
  template <typename Integer>
  struct Plane {
    std::vector<Integer> values;
    std::vector<Integer> sums;  // [WW + 4] of five rows
    void allocate(int64_t rows, int64_t stride);
    Integer* row(int64_t y, int64_t stride);
  };

  template <typename Integer>
  void run(Plane<Integer>& resized, const uint8_t* channel, uint8_t* division,
           const EntropyStages& stages);
  template <typename Integer>
  void resize(Plane<Integer>& resized, const uint8_t* channel);
  template <typename Integer>
  void sharpen(Plane<Integer>& resized);
  template <typename Integer>
  void divide(Plane<Integer>& image, Integer unit, uint8_t* division, const EntropyStages& stages);

  int64_t height_, width_, grid_height_, grid_width_, stride_;
  bool is_narrow_;
  int64_t unit_;  // D = 4 HH WW: the resized image is an integer over D
  std::vector<ResizeTap> rows_, columns_;

  // One of the two, by fits_32_bits.
  Plane<int32_t> resized_;
  Plane<int64_t> resized_wide_;
  Plane<int32_t> narrow_;           // after sharpening, unit 1
  std::vector<int32_t> stretched_;  // [W + 1] one row after vertical interpolation
  std::vector<uint8_t> row_bytes_;  // [2, WW] smooth and sharp of one row
};

}  // namespace mint::perception
