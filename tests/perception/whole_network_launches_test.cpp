// All programs that a GPU runs in a step of the network, on the CPU, against the whole network.
#include "perception/network_launches.h"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/hourglass.h"
#include "perception/soft_argmax.h"
#include "tests/perception/serial_blocks.h"

namespace mint::perception {
namespace {

using tests::SerialLaunch;
using torch::Tensor;

constexpr float kNetworkSlope = 0.01F;  // of every block

// All six blocks one after the other as a step of training on a GPU would launch them.
TEST(NetworkPrograms, OfTheWholeNetworkAgreeWithThatOfTheCpu) {
  const HourglassConfig config{4, 40, 32};
  Hourglass network(config, at::detail::createCPUGenerator(3));
  torch::manual_seed(4);
  {
    const torch::NoGradGuard no_grad;
    for (auto& item : network->named_parameters()) {  // norms other than 1 and 0, of both signs
      if (item.value().dim() == 1) item.value().add_(torch::randn_like(item.value()));
    }
  }
  const int64_t N = 3;
  const Tensor images = torch::rand({N, 3, config.height, config.width}) * 255;
  const auto floats = [](const Tensor& t) { return t.data_ptr<float>(); };
  const auto like = [](const Tensor& t) { return torch::full_like(t.detach(), NAN); };

  // The statistics move in copies; maps, norms and workspaces of every block are kept.
  const ChannelNorm from_bytes{0, 1, 2, -1};
  const std::vector<ChannelNorm> image_norms(3, from_bytes);
  const HourglassStrides strides = hourglass_strides(config.width);
  auto parameters = network->named_parameters();
  const auto statistics = network->named_buffers();
  std::vector<NetworkBlock<float>> blocks(6);
  std::vector<NetworkBlockGradients<float>> gradients(6);
  std::vector<std::pair<std::string, Tensor>> found;
  std::vector<Tensor> kept, d_inputs;
  std::vector<std::vector<double>> workspaces;
  int64_t channels = 3, height = config.height, width = config.width;
  for (size_t i = 0; i < 6; ++i) {
    const std::string convolution = "model." + std::to_string(3 * i) + ".";
    const std::string norm = "model." + std::to_string(3 * i + 2) + ".";
    const Tensor weight = parameters[convolution + "weight"];
    NetworkBlock<float>& block = blocks[i];
    ConvolutionShape& shape = block.shape;
    shape = {i >= 3,
             channels,
             weight.size(i >= 3 ? 1 : 0),
             height,
             width,
             weight.size(2),
             i >= 3 ? strides.up[i - 3] : strides.down[i],
             i >= 3 ? 0 : 1};
    const Tensor maps = torch::full({N, shape.out, shape.out_height(), shape.out_width()}, NAN);
    const Tensor norms = torch::full({shape.out, 4}, NAN, torch::kDouble);
    const Tensor mean = statistics[norm + "running_mean"].clone();
    const Tensor variance = statistics[norm + "running_var"].clone();
    d_inputs.push_back(torch::full({N, channels, height, width}, NAN));
    kept.insert(kept.end(), {maps, norms, mean, variance});
    block.images = N;
    block.input = i == 0 ? MapInput<float>{floats(images), image_norms.data(), 1}
                         : MapInput<float>{blocks[i - 1].maps, blocks[i - 1].norms, kNetworkSlope};
    block.weight = floats(weight);
    block.bias = floats(parameters[convolution + "bias"]);
    block.norm = {floats(parameters[norm + "weight"]),
                  floats(parameters[norm + "bias"]),
                  floats(mean),
                  floats(variance),
                  1e-5,
                  0.1,
                  true};
    block.slope = kNetworkSlope;
    block.maps = floats(maps);
    block.norms = reinterpret_cast<ChannelNorm*>(norms.data_ptr<double>());
    workspaces.emplace_back(static_cast<size_t>(NetworkWorkspace<float>::bytes(block) / 8 + 1),
                            NAN);
    const size_t first = found.size();
    for (const std::string& name :
         {convolution + "weight", convolution + "bias", norm + "weight", norm + "bias"}) {
      found.emplace_back(name, like(parameters[name]));
    }
    gradients[i] = {i > 0 ? floats(d_inputs[i]) : nullptr, floats(found[first].second),
                    floats(found[first + 1].second), floats(found[first + 2].second),
                    floats(found[first + 3].second)};
    channels = shape.out;
    height = shape.out_height();
    width = shape.out_width();
  }
  const auto work = [&](size_t i) {
    return NetworkWorkspace<float>(blocks[i], workspaces[i].data());
  };
  const Tensor coords = torch::full({N, channels, 2}, NAN),
               activation = coords.select(2, 0).clone();
  const Tensor by_coords = torch::randn({N, channels, 2});
  const Tensor by_activation = torch::randn({N, channels}) * 0.01;
  std::vector<MapMoments<float>> moments(static_cast<size_t>(N * channels));
  const NetworkTail<float> tail{moments.data(), floats(coords), floats(activation)};
  const SerialLaunch launch;

  for (size_t i = 0; i < 5; ++i) launch_block(launch, blocks[i], work(i));
  launch_tail(launch, blocks[5], tail, work(5));
  launch_tail_backward(launch, blocks[5], tail, {floats(by_coords), floats(by_activation)},
                       gradients[5], work(5));
  for (size_t i = 5; i-- > 0;) {
    launch_block_backward<SerialLaunch, float>(launch, blocks[i], floats(d_inputs[i + 1]),
                                               gradients[i], work(i));
  }

  const SoftArgmax expected = network->keypoints(images);
  ((expected.coords * by_coords).sum() + (expected.activation * by_activation).sum()).backward();
  EXPECT_TRUE(torch::allclose(coords, expected.coords, 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(activation, expected.activation, 1e-4, 1e-5));
  for (const auto& [name, gradient] : found) {
    const Tensor grad = parameters[name].grad();
    // A bias in front of a normalisation: see network_launches_test.cpp.
    const std::string layer = name.substr(0, name.rfind('.')) + ".weight";
    const double scale =
        std::max(grad.norm().item<double>(), 0.01 * parameters[layer].grad().norm().item<double>());
    EXPECT_LE((gradient - grad).norm().item<double>(), 2e-4 * scale) << name;
  }
  for (size_t i = 0; i < 6; ++i) {
    const std::string norm = "model." + std::to_string(3 * i + 2) + ".";
    EXPECT_TRUE(torch::allclose(kept[4 * i + 2], statistics[norm + "running_mean"], 1e-4, 1e-5));
    EXPECT_TRUE(torch::allclose(kept[4 * i + 3], statistics[norm + "running_var"], 1e-4, 1e-5));
  }
}

}  // namespace
}  // namespace mint::perception
