#include "perception/transposed_convolution.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/transposed_convolution_kernels.h"

namespace mint::perception {
namespace {

using torch::Tensor;

struct Derivatives {
  Tensor y, dx, d_weight, d_bias;
};

template <typename Function>
Derivatives run(const Tensor& x_in, const Tensor& weight_in, const Tensor& bias_in,
                const Tensor& dy, Function function) {
  Tensor x = x_in.clone().requires_grad_(), weight = weight_in.clone().requires_grad_();
  Tensor bias = bias_in.clone().requires_grad_();
  const Tensor y = function(x, weight, bias);
  y.backward(dy);
  return {y.detach(), x.grad(), weight.grad(), bias.grad()};
}

void expect_close(const Tensor& found, const Tensor& expected, double tolerance, const char* what) {
  const double scale = expected.abs().max().item<double>();
  const double error = (found - expected).abs().max().item<double>();
  EXPECT_LT(error, tolerance * scale) << what;
}

struct Shape {
  int64_t images, in, out, height, width, stride;
};

void compare_with_library(const Shape& s, torch::ScalarType type) {
  SCOPED_TRACE(std::to_string(s.in) + " to " + std::to_string(s.out) + " channels, " +
               std::to_string(s.height) + " x " + std::to_string(s.width) + ", stride " +
               std::to_string(s.stride));
  torch::manual_seed(1);
  const Tensor x = torch::randn({s.images, s.in, s.height, s.width}, type);
  const Tensor weight = torch::randn({s.in, s.out, 3, 3}, type), bias = torch::randn({s.out}, type);
  const Tensor dy = torch::randn(
      {s.images, s.out, (s.height - 1) * s.stride + 3, (s.width - 1) * s.stride + 3}, type);

  const Derivatives ours =
      run(x, weight, bias, dy, [&](const Tensor& a, const Tensor& w, const Tensor& b) {
        return transposed_convolution(a, w, b, s.stride);
      });
  const Derivatives library =
      run(x, weight, bias, dy, [&](const Tensor& a, const Tensor& w, const Tensor& b) {
        return torch::conv_transpose2d(a, w, b, s.stride);
      });

  const double tolerance = type == torch::kFloat ? 5e-6 : 1e-13;
  expect_close(ours.y, library.y, tolerance, "output");
  expect_close(ours.dx, library.dx, tolerance, "gradient of the input");
  expect_close(ours.d_weight, library.d_weight, tolerance, "gradient of the weight");
  expect_close(ours.d_bias, library.d_bias, tolerance, "gradient of the bias");
}

// Widths around multiples of 16, channels around multiples of 3 and 5.
TEST(TransposedConvolution, AgreesWithTheLibrary) {
  for (const Shape& shape :
       {Shape{2, 5, 5, 4, 6, 2}, Shape{1, 1, 1, 1, 1, 2}, Shape{2, 4, 7, 3, 15, 2},
        Shape{1, 6, 11, 18, 16, 2}, Shape{1, 3, 2, 5, 17, 2}, Shape{1, 7, 6, 2, 31, 2},
        Shape{1, 2, 3, 35, 33, 2}, Shape{1, 25, 25, 20, 67, 2}, Shape{1, 50, 25, 4, 80, 2},
        Shape{2, 5, 4, 6, 9, 1}}) {
    compare_with_library(shape, torch::kFloat);
  }
  compare_with_library({2, 4, 3, 5, 6, 2}, torch::kDouble);
}

TEST(TransposedConvolution, AnImageDoesNotDependOnItsNeighbours) {
  torch::manual_seed(2);
  const Tensor x = torch::randn({3, 4, 5, 6}), weight = torch::randn({4, 5, 3, 3});
  const Tensor bias = torch::randn({5});

  const Tensor together = transposed_convolution(x, weight, bias, 2);

  EXPECT_TRUE(
      torch::equal(together[2], transposed_convolution(x.slice(0, 2, 3), weight, bias, 2)[0]));
}

TEST(TransposedConvolution, RejectsOtherKernels) {
  EXPECT_THROW(transposed_convolution(torch::zeros({1, 2, 4, 4}), torch::zeros({2, 2, 5, 5}),
                                      torch::zeros({2}), 2),
               std::invalid_argument);
}

}  // namespace
}  // namespace mint::perception
