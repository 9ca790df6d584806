#include "perception/plane_convolution.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/threads.h"

namespace mint::perception {
namespace {

using torch::Tensor;

struct Derivatives {
  Tensor y, dx, d_weight, d_bias;
};

struct Layer {
  ConvolutionShape shape;
  Tensor x, weight, bias, dy;
};

Layer random_layer(const ConvolutionShape& shape, int64_t images) {
  torch::manual_seed(1);
  const int64_t first = shape.transposed ? shape.in : shape.out;
  const int64_t second = shape.transposed ? shape.out : shape.in;
  return {shape, torch::randn({images, shape.in, shape.height, shape.width}),
          torch::randn({first, second, shape.kernel, shape.kernel}), torch::randn({shape.out}),
          torch::randn({images, shape.out, shape.out_height(), shape.out_width()})};
}

// Map `channel` of image `image` of a tensor [N, C, H, W].
MapReader maps_of(const Tensor& tensor) {
  const int64_t channels = tensor.size(1), pixels = tensor.size(2) * tensor.size(3);
  return [=, values = tensor.data_ptr<float>()](int64_t image, int64_t channel, float* map) {
    std::copy_n(values + (image * channels + channel) * pixels, pixels, map);
  };
}

Derivatives run(const Layer& layer, VectorLevel level) {
  const ConvolutionShape& shape = layer.shape;
  const int64_t images = layer.x.size(0);
  Derivatives found{torch::full_like(layer.dy, 7), torch::full_like(layer.x, 7),
                    torch::full_like(layer.weight, 7), torch::full_like(layer.bias, 7)};
  const float* weight = layer.weight.data_ptr<float>();
  convolve(shape, images, maps_of(layer.x), weight, layer.bias.data_ptr<float>(),
           found.y.data_ptr<float>(), {}, level);
  convolve_backward(shape, images, maps_of(layer.x), maps_of(layer.dy), weight,
                    {found.dx.data_ptr<float>(), found.d_weight.data_ptr<float>(),
                     found.d_bias.data_ptr<float>()},
                    {}, level);
  return found;
}

// The library's convolution in double.
Derivatives run_library(const Layer& layer) {
  const ConvolutionShape& shape = layer.shape;
  const auto variable = [](const Tensor& t) { return t.to(torch::kDouble).requires_grad_(); };
  const Tensor x = variable(layer.x), weight = variable(layer.weight), bias = variable(layer.bias);
  const Tensor y = shape.transposed
                       ? torch::conv_transpose2d(x, weight, bias, shape.stride, shape.padding)
                       : torch::conv2d(x, weight, bias, shape.stride, shape.padding);
  y.backward(layer.dy.to(torch::kDouble));
  return {y.detach(), x.grad(), weight.grad(), bias.grad()};
}

void expect_close(const Tensor& found, const Tensor& expected, const char* what) {
  ASSERT_EQ(found.sizes(), expected.sizes()) << what;
  const double scale = expected.abs().max().item<double>();
  const double error = (found.to(torch::kDouble) - expected).abs().max().item<double>();
  EXPECT_LT(error, 5e-6 * scale) << what;
}

class PlaneConvolution : public testing::TestWithParam<VectorLevel> {};

TEST_P(PlaneConvolution, AgreesWithTheLibrary) {
  if (GetParam() > best_vector_level()) GTEST_SKIP() << "not on this processor";
  // transposed, in, out, height, width, kernel, stride, padding: widths around multiples of 16,
  // channels around multiples of 5, pixels at the border that no tap reaches, short streams that
  // share a group and long ones.
  const ConvolutionShape shapes[] = {
      {false, 3, 25, 24, 29, 5, 3, 1}, {false, 5, 4, 18, 15, 3, 2, 1},
      {false, 4, 6, 7, 8, 3, 1, 1},    {false, 1, 1, 3, 3, 3, 2, 1},
      {true, 5, 5, 4, 6, 3, 2, 0},     {true, 1, 1, 1, 1, 3, 2, 0},
      {true, 4, 7, 3, 15, 3, 2, 0},    {true, 6, 11, 18, 16, 3, 2, 0},
      {true, 3, 2, 5, 17, 3, 2, 0},    {true, 2, 3, 35, 33, 3, 2, 0},
      {true, 25, 25, 20, 67, 3, 2, 0}, {true, 7, 5, 6, 9, 3, 1, 0}};
  for (const ConvolutionShape& shape : shapes) {
    SCOPED_TRACE(std::to_string(shape.in) + " to " + std::to_string(shape.out) + " channels, " +
                 std::to_string(shape.height) + " x " + std::to_string(shape.width) +
                 (shape.transposed ? ", transposed, stride " : ", stride ") +
                 std::to_string(shape.stride));
    const Layer layer = random_layer(shape, /*images=*/3);

    const Derivatives ours = run(layer, GetParam());
    const Derivatives library = run_library(layer);

    expect_close(ours.y, library.y, "output");
    expect_close(ours.dx, library.dx, "gradient of the input");
    expect_close(ours.d_weight, library.d_weight, "gradient of the weight");
    expect_close(ours.d_bias, library.d_bias, "gradient of the bias");
  }
}

std::string name_of(const testing::TestParamInfo<VectorLevel>& info) {
  return info.param == VectorLevel::kAvx512 ? "Avx512"
         : info.param == VectorLevel::kAvx2 ? "Avx2"
                                            : "Portable";
}

INSTANTIATE_TEST_SUITE_P(Levels, PlaneConvolution,
                         testing::Values(VectorLevel::kPortable, VectorLevel::kAvx2,
                                         VectorLevel::kAvx512),
                         name_of);

TEST(PlaneConvolutionBatch, AnImageDoesNotDependOnItsNeighbours) {
  Layer layer = random_layer({true, 4, 5, 5, 6, 3, 2, 0}, /*images=*/3);
  const Tensor together = run(layer, best_vector_level()).y;

  layer.x = layer.x.slice(0, 2, 3).contiguous();
  layer.dy = layer.dy.slice(0, 2, 3).contiguous();

  EXPECT_TRUE(torch::equal(run(layer, best_vector_level()).y[0], together[2]));
}

TEST(PlaneConvolutionBatch, VisitsEveryFinishedMapOnce) {
  const Layer layer = random_layer({false, 2, 3, 8, 8, 3, 1, 1}, /*images=*/2);
  Tensor y = torch::zeros_like(layer.dy), seen = torch::zeros_like(y);
  convolve(layer.shape, 2, maps_of(layer.x), layer.weight.data_ptr<float>(),
           layer.bias.data_ptr<float>(), y.data_ptr<float>(),
           [&](int64_t image, int64_t channel, const float* map) {
             float* to = seen[image][channel].data_ptr<float>();
             for (int64_t i = 0; i < 64; ++i) to[i] += map[i];
           });

  EXPECT_TRUE(torch::equal(seen, y));
}

TEST(PlaneConvolutionBatch, ResultsDoNotDependOnTheNumberOfThreads) {
  const Layer layer = random_layer({true, 6, 7, 20, 31, 3, 2, 0}, /*images=*/21);
  const Derivatives alone = run(layer, best_vector_level());

  set_threads(3);
  const Derivatives together = run(layer, best_vector_level());
  set_threads(1);

  EXPECT_TRUE(torch::equal(together.y, alone.y));
  EXPECT_TRUE(torch::equal(together.dx, alone.dx));
  EXPECT_TRUE(torch::equal(together.d_weight, alone.d_weight));
  EXPECT_TRUE(torch::equal(together.d_bias, alone.d_bias));
}

}  // namespace
}  // namespace mint::perception
