// Sizes of a convolution or transposed convolution.
#pragma once

#include <cstdint>

namespace mint::perception {

struct ConvolutionShape {
  bool transposed = false;
  int64_t in = 0, out = 0;        // channels
  int64_t height = 0, width = 0;  // of the input
  int64_t kernel = 3, stride = 1, padding = 0;

  int64_t out_height() const { return out_side(height); }
  int64_t out_width() const { return out_side(width); }

 private:
  int64_t out_side(int64_t n) const {
    return transposed ? (n - 1) * stride + kernel - 2 * padding
                      : (n + 2 * padding - kernel) / stride + 1;
  }
};

}  // namespace mint::perception
