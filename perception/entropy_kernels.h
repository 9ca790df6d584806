// The entropy layer for one image at a time: raw pointers, no torch (spec 5.8, then 5.6).
//
// Everything up to the last step is integer arithmetic, carried in floating point variables that
// hold the integers exactly, so the result is the same bits on every machine.
#pragma once

#include <cstdint>
#include <vector>

namespace mint::perception {

// Where to write intermediate images, each [3, HH, WW]; null pointers are skipped.
struct EntropyStages {
  float* resized = nullptr;      // 0..255
  uint8_t* sharpened = nullptr;  // left alone for wide images, which have no such stage
  uint8_t* smooth = nullptr;
  uint8_t* sharp = nullptr;
  uint8_t* division = nullptr;
};

// Holds the tables for one image size and the scratch memory of one call, so use one per thread.
class EntropyKernel {
 public:
  // height, width: of the images; grid_height, grid_width: of the entropy images; region: R, odd.
  // Images narrower than kNarrowWidth are sharpened. REQUIRES: all sizes >= 1, region odd.
  EntropyKernel(int64_t height, int64_t width, int64_t grid_height, int64_t grid_width,
                int64_t region);

  // image [3, H, W] -> entropy [HH, WW], values -1e-8 .. ln(3 R^2), 0 on a ring of (R-1)/2 pixels.
  void operator()(const uint8_t* image, float* entropy, const EntropyStages& stages = {});

 private:
  // For one output position: source positions and their weights, which add up to 2 n_out.
  struct Tap {
    int64_t first, second;
    double weight_first, weight_second;
  };
  static std::vector<Tap> taps(int64_t in, int64_t out);

  void resize(const uint8_t* channel);
  void sharpen();
  template <typename T>
  void divide(std::vector<T>& image, std::vector<T>& sums, T unit, uint8_t* smooth, uint8_t* sharp,
              uint8_t* division) const;
  void entropy_of_regions(float* entropy);
  void entropy_of_row(int64_t y, float* row);

  int64_t height_, width_, grid_height_, grid_width_, region_;
  bool is_narrow_;
  double unit_;  // D = 4 HH WW: the resized image is an integer over D
  std::vector<Tap> rows_, columns_;
  std::vector<int64_t> c_ln_c_;  // fixed point, for c = 0 .. 3 R^2

  // Planes with a frame of two zeros on every side.
  std::vector<double> resized_, resized_sums_;
  std::vector<float> narrow_, narrow_sums_;
  std::vector<double> stretched_;  // [H, WW], the image after horizontal interpolation
  std::vector<uint8_t> division_;  // [3, HH, WW]
  std::vector<uint8_t> is_flat_;   // [WW], the R x 3 samples of a column are all 255
};

}  // namespace mint::perception
