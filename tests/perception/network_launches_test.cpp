// The programs that a GPU runs for the network, on the CPU and in its order of launches.
#include "perception/network_launches.h"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/hourglass.h"
#include "perception/leaky_batch_norm.h"
#include "perception/soft_argmax.h"
#include "perception/soft_argmax_kernels.h"
#include "tests/perception/serial_blocks.h"

namespace mint::perception {
namespace {

using tests::SerialLaunch;
using torch::Tensor;

constexpr double kLeak = 0.01;

// One block of the network with everything that it reads, in double.
struct BlockScene {
  ConvolutionShape shape;
  bool is_training;
  Tensor input, input_norms;  // [N, in, h, w], [in, 4]: rows are ChannelNorm
  Tensor weight, bias;
  torch::nn::BatchNorm2d norm{nullptr};
  Tensor by_maps, by_coords, by_activation;  // gradients of what comes out

  int64_t images() const { return input.size(0); }
};

BlockScene random_block(const ConvolutionShape& shape, bool is_training) {
  torch::manual_seed(shape.height + shape.width);
  const int64_t N = 3, C = shape.out;
  BlockScene scene;
  scene.shape = shape;
  scene.is_training = is_training;
  const auto random = [](std::vector<int64_t> sizes) {
    return torch::randn(sizes, torch::kDouble);
  };
  scene.input = random({N, shape.in, shape.height, shape.width});
  scene.input_norms = random({shape.in, 4});
  scene.weight = random({shape.transposed ? shape.in : C, shape.transposed ? C : shape.in,
                         shape.kernel, shape.kernel});
  scene.bias = random({C});
  scene.norm = torch::nn::BatchNorm2d(C);
  scene.norm->to(torch::kDouble);
  scene.norm->train(is_training);
  const torch::NoGradGuard no_grad;
  scene.norm->weight.normal_(0, 4);
  scene.norm->bias.normal_();
  scene.norm->running_mean.normal_();
  scene.norm->running_var.uniform_(0.5, 2);
  scene.by_maps = random({N, C, shape.out_height(), shape.out_width()});
  scene.by_coords = random({N, C, 2});
  scene.by_activation = random({N, C});
  return scene;
}

// Results of a block: with its tail, keypoints; without, normalised maps. Then the gradients.
struct BlockResults {
  std::vector<std::pair<std::string, Tensor>> values;
};

// The layers of the CPU, which other tests compare with the library.
BlockResults run_layers(const BlockScene& scene, bool has_tail) {
  const auto norm = std::dynamic_pointer_cast<torch::nn::BatchNorm2dImpl>(scene.norm->clone());
  const ConvolutionShape& shape = scene.shape;
  const auto by_channel = [&](int64_t column) {
    return scene.input_norms.select(1, column).reshape({1, -1, 1, 1});
  };
  const Tensor input =
      (by_channel(2) * torch::leaky_relu(scene.input, kLeak) + by_channel(3)).requires_grad_();
  const Tensor weight = scene.weight.clone().requires_grad_();
  const Tensor bias = scene.bias.clone().requires_grad_();
  const Tensor x = shape.transposed
                       ? torch::conv_transpose2d(input, weight, bias, shape.stride, shape.padding)
                       : torch::conv2d(input, weight, bias, shape.stride, shape.padding);
  const Tensor y = leaky_batch_norm(x, *norm, kLeak);
  BlockResults results;
  if (has_tail) {
    const SoftArgmax found = soft_argmax(y);
    ((found.coords * scene.by_coords).sum() + (found.activation * scene.by_activation).sum())
        .backward();
    results.values = {{"coords", found.coords.detach()}, {"activation", found.activation.detach()}};
  } else {
    (y * scene.by_maps).sum().backward();
    results.values = {{"maps", y.detach()}};
  }
  for (const auto& [name, value] : {std::pair{"gradient of the input", input.grad()},
                                    {"gradient of the weight", weight.grad()},
                                    {"gradient of the bias", bias.grad()},
                                    {"gradient of the norm's weight", norm->weight.grad()},
                                    {"gradient of the norm's bias", norm->bias.grad()},
                                    {"running mean", norm->running_mean},
                                    {"running variance", norm->running_var}}) {
    results.values.emplace_back(name, value);
  }
  return results;
}

const ChannelNorm* rows_of(const Tensor& norms) {
  return reinterpret_cast<const ChannelNorm*>(norms.data_ptr<double>());
}

template <typename T>
BlockResults run_programs(const BlockScene& scene, bool has_tail, const SerialLaunch& launch) {
  const auto type = torch::CppTypeToScalarType<T>::value;
  const auto copy = [&](const Tensor& t) { return t.detach().to(type, false, /*copy=*/true); };
  const auto like = [&](const Tensor& t) { return torch::full_like(t, NAN, type); };
  const auto at = [](const Tensor& t) { return t.data_ptr<T>(); };
  const int64_t N = scene.images(), C = scene.shape.out;
  const Tensor input = copy(scene.input), weight = copy(scene.weight), bias = copy(scene.bias);
  const Tensor norm_weight = copy(scene.norm->weight), norm_bias = copy(scene.norm->bias);
  const Tensor mean = copy(scene.norm->running_mean), variance = copy(scene.norm->running_var);
  const Tensor maps = like(scene.by_maps), norms = torch::full({C, 4}, NAN, torch::kDouble);
  NetworkBlock<T> block;
  block.shape = scene.shape;
  block.images = N;
  block.input = {at(input), rows_of(scene.input_norms), static_cast<T>(kLeak)};
  block.weight = at(weight);
  block.bias = at(bias);
  block.norm = {at(norm_weight),  at(norm_bias), at(mean), at(variance), 1e-5, 0.1,
                scene.is_training};
  block.slope = static_cast<T>(kLeak);
  block.maps = at(maps);
  block.norms = reinterpret_cast<ChannelNorm*>(norms.data_ptr<double>());
  std::vector<double> memory(static_cast<size_t>(NetworkWorkspace<T>::bytes(block) / 8 + 1), NAN);
  const NetworkWorkspace<T> work(block, memory.data());

  const Tensor d_input = like(input), d_weight = like(weight), d_bias = like(bias);
  const Tensor d_norm_weight = like(bias), d_norm_bias = like(bias);
  const NetworkBlockGradients<T> gradients{at(d_input), at(d_weight), at(d_bias), at(d_norm_weight),
                                           at(d_norm_bias)};
  BlockResults results;
  if (has_tail) {
    const Tensor coords = like(scene.by_coords), activation = like(scene.by_activation);
    std::vector<MapMoments<T>> moments(static_cast<size_t>(N * C));
    const NetworkTail<T> tail{moments.data(), at(coords), at(activation)};
    launch_tail(launch, block, tail, work);
    const Tensor by_coords = copy(scene.by_coords), by_activation = copy(scene.by_activation);
    launch_tail_backward(launch, block, tail, {at(by_coords), at(by_activation)}, gradients, work);
    results.values = {{"coords", coords}, {"activation", activation}};
  } else {
    launch_block(launch, block, work);
    const Tensor dy = copy(scene.by_maps);
    launch_block_backward(launch, block, at(dy), gradients, work);
    const auto by_channel = [&](int64_t column) {
      return norms.select(1, column).reshape({1, -1, 1, 1});
    };
    results.values = {{"maps", by_channel(2) * torch::leaky_relu(maps, kLeak) + by_channel(3)}};
  }
  for (const auto& [name, value] : {std::pair{"gradient of the input", d_input},
                                    {"gradient of the weight", d_weight},
                                    {"gradient of the bias", d_bias},
                                    {"gradient of the norm's weight", d_norm_weight},
                                    {"gradient of the norm's bias", d_norm_bias},
                                    {"running mean", mean},
                                    {"running variance", variance}}) {
    results.values.emplace_back(name, value);
  }
  return results;
}

// In training the gradient of a convolution's bias is zero but for the kink of the activation: a
// small sum of large terms, so its error is measured against the weight's.
void expect_same_results(const BlockResults& found, const BlockResults& expected,
                         double tolerance) {
  double scale = 0;
  for (size_t i = 0; i < expected.values.size(); ++i) {
    const auto& [name, value] = expected.values[i];
    const Tensor difference = found.values[i].second.to(torch::kDouble) - value;
    const double own = value.norm().item<double>();
    scale = name == "gradient of the bias" ? std::max(own, 0.1 * scale) : own;
    EXPECT_LE(difference.norm().item<double>(), tolerance * scale) << name;
  }
}

void expect_same_bits(const BlockResults& found, const BlockResults& expected) {
  for (size_t i = 0; i < expected.values.size(); ++i) {
    EXPECT_TRUE(torch::equal(found.values[i].second, expected.values[i].second))
        << expected.values[i].first;
  }
}

void compare_programs_with_layers(const ConvolutionShape& shape, bool has_tail) {
  for (const bool is_training : {true, false}) {
    SCOPED_TRACE(std::to_string(shape.in) + " to " + std::to_string(shape.out) + " channels, " +
                 std::to_string(shape.height) + " x " + std::to_string(shape.width) +
                 (is_training ? ", training" : ", evaluation"));
    const BlockScene scene = random_block(shape, is_training);
    const BlockResults expected = run_layers(scene, has_tail);

    const BlockResults in_double = run_programs<double>(scene, has_tail, {});
    const BlockResults in_float = run_programs<float>(scene, has_tail, {});

    expect_same_results(in_double, expected, 1e-7);  // the reference's epsilon is 1e-8
    expect_same_results(in_float, expected, 5e-5);
    const SerialLaunch backwards{/*is_backwards=*/true};
    expect_same_bits(run_programs<double>(scene, has_tail, backwards), in_double);
    expect_same_bits(run_programs<float>(scene, has_tail, backwards), in_float);
  }
}

// transposed, in, out, height, width, kernel, stride, padding: maps smaller and larger than a
// block, channels around multiples of 5, pixels that no tap reaches.
TEST(NetworkPrograms, OfTheTailAgreeWithTheLayers) {
  for (const ConvolutionShape& shape :
       {ConvolutionShape{true, 5, 5, 9, 14, 3, 2, 0}, ConvolutionShape{true, 3, 7, 2, 3, 3, 2, 0},
        ConvolutionShape{true, 4, 6, 21, 16, 3, 2, 0},
        ConvolutionShape{true, 2, 3, 6, 5, 3, 1, 0}}) {
    compare_programs_with_layers(shape, /*has_tail=*/true);
  }
}

TEST(NetworkPrograms, OfOneBlockAgreeWithTheLayers) {
  for (const ConvolutionShape& shape : {ConvolutionShape{false, 3, 6, 24, 29, 5, 3, 1},
                                        ConvolutionShape{false, 5, 4, 18, 15, 3, 2, 1},
                                        ConvolutionShape{false, 4, 11, 7, 8, 3, 1, 1},
                                        ConvolutionShape{true, 6, 4, 7, 15, 3, 2, 0}}) {
    compare_programs_with_layers(shape, /*has_tail=*/false);
  }
}

// Maps of all kinds: noise, high, flat, with two maxima, with a falling transform.
template <typename T>
void compare_keypoints_with_kernels() {
  const int height = 13, width = 22, pixels = height * width;
  torch::manual_seed(8);
  Tensor x = torch::randn({1, 5, height, width}, torch::CppTypeToScalarType<T>::value) * 3;
  x[0][1] += 30;
  x[0][2].fill_(0.25);
  x[0][3][4][5] = x[0][3][10][21] = 40;
  const std::vector<ChannelNorm> norms = {
      {0, 1, 1.5, 0.5}, {0, 1, 1, 0}, {0, 1, 2, -1}, {0, 1, 1, 2}, {0, 1, -2, 1}};
  const std::vector<NormGradient> channel(5, {0, 0, 0.25, -0.125});
  const T slope = static_cast<T>(kLeak);
  const NetworkMaps<T> maps{1, 5, height, width, x.data_ptr<T>(), slope};
  const Tensor coords = torch::empty({5, 2}, x.options()),
               activation = torch::empty({5}, x.options());
  const Tensor by_coords = torch::randn({5, 2}, x.options());
  const Tensor by_activation = torch::randn({5}, x.options()), dx = torch::empty_like(x);
  const KeypointGradients<T> gradients{by_coords.data_ptr<T>(), by_activation.data_ptr<T>()};
  std::vector<MapMoments<T>> moments(5);

  const FindKeypoints<T> find{maps, norms.data(), moments.data(), coords.data_ptr<T>(),
                              activation.data_ptr<T>()};
  SerialLaunch{}(find.blocks(), find);
  const SpreadKeypointGradients<T> spread{maps,           norms.data(), channel.data(),
                                          moments.data(), gradients,    dx.data_ptr<T>()};
  SerialLaunch{}(spread.blocks(), spread);

  const MapGrid<T> grid(height, width);
  for (int64_t i = 0; i < 5; ++i) {
    const MapTransform<T> map = transform_of(norms[static_cast<size_t>(i)], slope);
    const MapMoments<T> expected = map_moments(maps.map(i), grid, map);
    const MapOutput<T> output = map_output(expected);
    const double tolerance = sizeof(T) == 8 ? 1e-13 : 3e-6;
    EXPECT_NEAR(coords[i][0].item<double>(), output.x, tolerance) << i;
    EXPECT_NEAR(coords[i][1].item<double>(), output.y, tolerance) << i;
    EXPECT_EQ(activation[i].item<T>(), output.activation) << i;
    Tensor expected_dx = torch::empty({pixels}, x.options());
    map_gradient<T>(maps.map(i), grid, map, expected, gradients.of(i), T(0.25), T(-0.125),
                    expected_dx.data_ptr<T>());
    const Tensor found_dx = dx[0][i].flatten();
    EXPECT_LE((found_dx - expected_dx).norm().template item<double>(),
              tolerance * expected_dx.norm().template item<double>())
        << i;
  }
}

TEST(NetworkPrograms, FindTheKeypointsOfTheKernelsOfTheCpu) {
  compare_keypoints_with_kernels<double>();
  compare_keypoints_with_kernels<float>();
}

template <typename Call>
void expect_refusal(const Call& call) {
  try {
    call();
    FAIL() << "expected an exception";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "ConvolutionShape: kernel: expected at most 5, got 6");
  }
}

// A program that runs would read a null pointer.
TEST(NetworkPrograms, AreNotLaunchedForAKernelThatIsTooLarge) {
  NetworkBlock<float> block;
  block.shape = {false, 1, 1, 8, 8, kLargestKernel + 1, 1, 0};
  block.images = 1;
  std::vector<double> memory(static_cast<size_t>(NetworkWorkspace<float>::bytes(block) / 8 + 1));
  const NetworkWorkspace<float> work(block, memory.data());
  const SerialLaunch launch;

  expect_refusal([&] { launch_block(launch, block, work); });
  expect_refusal([&] { launch_tail(launch, block, {}, work); });
  expect_refusal(
      [&] { launch_block_backward<SerialLaunch, float>(launch, block, nullptr, {}, work); });
  expect_refusal([&] { launch_tail_backward(launch, block, {}, {}, {}, work); });
}

}  // namespace
}  // namespace mint::perception
