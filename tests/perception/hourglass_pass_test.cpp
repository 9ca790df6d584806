#include "perception/hourglass_pass.h"

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "perception/hourglass.h"
#include "perception/threads.h"

namespace mint::perception {
namespace {

using torch::Tensor;

// The results of one pass: outputs, gradients and statistics by name.
using Results = std::map<std::string, Tensor>;

struct Case {
  HourglassConfig config;
  bool training;
};

Hourglass make_network(const Case& c, torch::ScalarType type) {
  Hourglass network(c.config, at::detail::createCPUGenerator(3));
  torch::manual_seed(4);
  const torch::NoGradGuard no_grad;
  for (auto& item : network->named_parameters()) {  // norms other than 1 and 0, of both signs
    if (item.value().dim() == 1) item.value().add_(torch::randn_like(item.value()));
  }
  for (auto& item : network->named_buffers()) {
    if (item.value().dim() == 1) item.value().add_(torch::rand_like(item.value()));
  }
  network->to(type);
  network->train(c.training);
  return network;
}

Tensor random_frames(const HourglassConfig& config, int64_t count) {
  torch::manual_seed(5);
  const Tensor coarse = torch::rand({count, 3, config.height / 8, config.width / 8}) * 255;
  return torch::upsample_nearest2d(coarse, {config.height, config.width}).to(torch::kUInt8);
}

template <typename Pass>
Results run(const Case& c, torch::ScalarType type, Pass pass) {
  Hourglass network = make_network(c, type);
  const SoftArgmax found = pass(network, random_frames(c.config, /*count=*/5));
  torch::manual_seed(6);
  const Tensor by_coords = torch::randn(found.coords.sizes()).to(type);
  const Tensor by_activation = torch::randn(found.activation.sizes()).to(type) * 0.01;
  ((found.coords * by_coords).sum() + (found.activation * by_activation).sum()).backward();
  Results results{{"coords", found.coords.detach()}, {"activation", found.activation.detach()}};
  for (const auto& item : network->named_parameters()) {
    results["gradient of " + item.key()] = item.value().grad();
  }
  for (const auto& item : network->named_buffers()) results[item.key()] = item.value();
  return results;
}

Results run_pass(const Case& c) {
  return run(c, torch::kFloat,
             [](Hourglass& network, const Tensor& images) { return network->keypoints(images); });
}

// The library's modules in double.
Results run_library(const Case& c) {
  return run(c, torch::kDouble, [](Hourglass& network, const Tensor& images) {
    return soft_argmax(network->forward(images));
  });
}

class HourglassPassCases : public testing::TestWithParam<Case> {};

TEST_P(HourglassPassCases, AgreesWithTheLibrary) {
  const Results ours = run_pass(GetParam()), library = run_library(GetParam());

  for (const auto& [name, expected] : library) {
    const Tensor difference = ours.at(name).to(torch::kDouble) - expected.to(torch::kDouble);
    double scale = expected.to(torch::kDouble).norm().item<double>();
    // In training mode nothing depends on a bias in front of a normalisation but through the kink
    // of the activation: small sums of large terms.
    const std::string layer = name.substr(0, name.rfind('.')) + ".weight";
    if (library.count(layer) && name.rfind("gradient", 0) == 0) {
      scale = std::max(scale, 0.01 * library.at(layer).norm().item<double>());
    }
    EXPECT_LE(difference.norm().item<double>(), 2e-4 * scale) << name;
  }
}

TEST_P(HourglassPassCases, IsTheSameWithAnyNumberOfThreads) {
  const Results alone = run_pass(GetParam());
  set_threads(3);
  const Results together = run_pass(GetParam());
  set_threads(1);

  for (const auto& [name, value] : alone)
    EXPECT_TRUE(torch::equal(together.at(name), value)) << name;
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  const HourglassConfig& config = info.param.config;
  return "K" + std::to_string(config.keypoints) + "Size" + std::to_string(config.height) + "x" +
         std::to_string(config.width) + (info.param.training ? "Training" : "Evaluation");
}

INSTANTIATE_TEST_SUITE_P(Shapes, HourglassPassCases,
                         testing::Values(Case{{5, 32, 32}, true}, Case{{5, 32, 32}, false},
                                         Case{{4, 40, 104}, true}, Case{{25, 48, 40}, true}),
                         case_name);

TEST(HourglassPass, WithoutMomentumTheRunningStatisticsAreThePlainAverage) {
  const Case c{{3, 32, 32}, true};
  Hourglass network = make_network(c, torch::kFloat), library = make_network(c, torch::kFloat);
  const torch::NoGradGuard no_grad;
  for (Hourglass* one : {&network, &library}) (*one)->average_statistics(true);

  for (int64_t count : {2, 4}) {
    network->keypoints(random_frames(c.config, count));
    library->forward(random_frames(c.config, count));
  }

  const auto ours = network->named_buffers(), expected = library->named_buffers();
  for (const auto& item : expected) {
    EXPECT_TRUE(torch::allclose(ours[item.key()], item.value(), 1e-4, 1e-5)) << item.key();
  }
}

}  // namespace
}  // namespace mint::perception
