// Direct kernels of the transposed convolution 3 x 3 with stride 2, one image at a time, for
// processors with AVX-512: raw pointers, no torch. Three to five times as fast as the library.
//
// Row 2i of the output mixes input rows i and i-1, row 2i+1 only row i; columns alike. So 16
// neighbouring input pixels give four vectors of outputs (even and odd rows and columns) with nine
// multiplications per pair of channels and no scatter.
#pragma once

#include <cstdint>
#include <vector>

namespace mint::perception {

// True if this processor can run the kernels below.
bool has_upsampling_kernels();

struct UpsamplingShape {
  int64_t in = 0, out = 0;        // channels
  int64_t height = 0, width = 0;  // of the input; the output has 2 height + 1, 2 width + 1
};

// Weights in kernel order and scratch memory; one per call, not shared between threads.
class Upsampling {
 public:
  // weight [in, out, 3, 3]. REQUIRES: has_upsampling_kernels().
  Upsampling(const UpsamplingShape& shape, const float* weight);

  // x [in, height, width] -> y [out, 2 height + 1, 2 width + 1].
  void forward(const float* x, const float* bias, float* y);

  // dy as y -> dx as x (unless null), and adds the image's share to the gradients below.
  void backward(const float* x, const float* dy, float* dx);

  // Sums over all images given to backward: d_weight as weight, d_bias [out]. Overwrites.
  void parameter_gradients(float* d_weight, float* d_bias) const;

 private:
  void pad(const float* x);
  void split_columns(const float* dy);
  void input_gradient(float* dx) const;
  void add_weight_gradient();

  UpsamplingShape shape_;
  int64_t vectors_;       // of 16 columns, for width + 1 columns
  int64_t x_stride_;      // floats in a padded row of x
  int64_t split_stride_;  // floats in a split row of dy
  int64_t out_blocks_, in_blocks_, in_groups_;
  std::vector<float> forward_weight_;   // [out block, in, 5, 9]
  std::vector<float> backward_weight_;  // [in block, out, 9, 5]
  std::vector<float> x_;                // [in groups * 3, height + 2, stride], zeros around
  std::vector<float> split_;            // [out, 2 height + 1, stride]: even columns, then odd ones
  std::vector<float> weight_gradient_;  // [out, in group, 3, 9, 16 lanes]
  std::vector<double> bias_gradient_;
};

}  // namespace mint::perception
