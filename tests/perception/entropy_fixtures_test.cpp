#include "perception/entropy.h"

#include <cmath>

#include "perception/entropy_kde.h"
#include "perception/entropy_kernels.h"
#include "perception/heatmap_grid.h"
#include "perception/kde_entropy_images.h"
#include "tests/perception/fixture_tensors.h"

namespace mint::perception {
namespace {

using nlohmann::json;
using torch::Tensor;

int64_t differing(const Tensor& a, const Tensor& b) {
  return (a.to(torch::kDouble) != b).sum().item<int64_t>();
}

TEST(EntropyFixtures, EveryStageIsExact) {
  MINT_FIXTURES(folder, "mint/entropy");
  size_t cases = 0;
  for (const auto& entry : tests::read_json(folder / "cases.json")) {
    const std::string name = entry.at("name");
    SCOPED_TRACE(name);
    const Tensor image = tests::load_images(folder / (name + "_rgb.npy"));
    const int64_t height = image.size(1), width = image.size(2);
    const HeatmapGrid grid{entry.at("heat_height"), entry.at("heat_width")};
    EXPECT_EQ(grid.height, heatmap_grid(height, width).height);
    EXPECT_EQ(grid.width, heatmap_grid(height, width).width);
    const std::vector<int64_t> shape = {3, grid.height, grid.width};
    const Tensor resized = torch::empty(shape), entropy = torch::empty({shape[1], shape[2]});
    const auto plane = [&] { return torch::empty(shape, torch::kUInt8); };
    const Tensor sharpened = plane(), smooth = plane(), sharp = plane(), division = plane();
    EntropyKernel kernel(height, width, grid.height, grid.width, entry.at("region"));

    kernel(image.data_ptr<uint8_t>(), entropy.data_ptr<float>(),
           {resized.data_ptr<float>(), sharpened.data_ptr<uint8_t>(), smooth.data_ptr<uint8_t>(),
            sharp.data_ptr<uint8_t>(), division.data_ptr<uint8_t>()});

    const auto expected = [&](const std::string& stage) {
      return tests::load_tensor(folder / (name + "_" + stage + ".npy"));
    };
    EXPECT_LT(tests::largest_error(resized, expected("resized")), 1e-4);
    if (entry.at("sharpened").get<bool>()) {
      EXPECT_EQ(differing(sharpened, expected("sharpened")), 0);
    }
    EXPECT_EQ(differing(smooth, expected("smooth")), 0);
    EXPECT_EQ(differing(sharp, expected("sharp")), 0);
    EXPECT_EQ(differing(division, expected("division")), 0);
    EXPECT_LT(tests::largest_error(entropy, expected("entropy")), 2e-6);
    const double sum = entry.at("entropy_sum");
    EXPECT_NEAR(entropy.to(torch::kDouble).sum().item<double>(), sum, 1e-6 * (1 + sum));
    if (entry.at("region") == 3) {
      EXPECT_TRUE(torch::equal(entropy_images(image.unsqueeze(0))[0], entropy));
    }
    ++cases;
  }
  tests::report_cases("entropy images", cases);
}

// Files <name>_entropy_r<R>.npy hold the same image with other regions.
TEST(EntropyFixtures, LargerRegionsAgree) {
  MINT_FIXTURES(folder, "mint/entropy");
  size_t cases = 0;
  for (const int64_t region : {5, 7, 9, 11}) {
    const std::string suffix = "_entropy_r" + std::to_string(region) + ".npy";
    for (const auto& file : tests::files_in(folder, suffix)) {
      const std::string file_name = file.filename();
      const std::string name = file_name.substr(0, file_name.size() - suffix.size());
      const Tensor image = tests::load_images(folder / (name + "_rgb.npy")).unsqueeze(0);

      const Tensor entropy = entropy_images(image, EntropyConfig{region})[0];

      EXPECT_LT(tests::largest_error(entropy, tests::load_tensor(file)), 2e-6) << file;
      ++cases;
    }
  }
  tests::report_cases("entropy images with larger regions", cases);
}

TEST(EntropyFixtures, TheKernelHistogramAgreesAtAllBandwidths) {
  MINT_FIXTURES(folder, "mint/entropy");
  const json vectors = tests::read_json(folder / "kde_vectors.json");
  size_t cases = 0;
  for (const auto& entry : vectors) {
    SCOPED_TRACE("vector " + std::to_string(cases));
    const KdeEntropy found =
        kde_entropy(entry.at("samples").get<std::vector<double>>(), entry.at("bandwidth"));
    const double entropy = entry.at("entropy");
    EXPECT_NEAR(found.entropy, entropy, 1e-9 * std::max(1.0, std::abs(entropy)));
    const auto gradient = entry.at("gradient").get<std::vector<double>>();
    ASSERT_EQ(found.gradient.size(), gradient.size());
    // The stored gradients differ from 60-digit arithmetic by up to 3e-14 (1 - sigmoid rounds,
    // times 1/B = 1000), so values near zero get an absolute allowance.
    double largest = 0;
    for (const double g : gradient) largest = std::max(largest, std::abs(g));
    for (size_t i = 0; i < gradient.size(); ++i) {
      EXPECT_NEAR(found.gradient[i], gradient[i], 1e-9 * largest + 1e-12) << i;
    }
    ++cases;
  }
  tests::report_cases("kernel histograms", cases);
}

// The same vectors as images of 3 x 3 pixels and three channels, through the layer: its centre is
// the only pixel that has a region.
TEST(EntropyFixtures, TheDifferentiableLayerAgreesAtAllBandwidths) {
  MINT_FIXTURES(folder, "mint/entropy");
  size_t cases = 0;
  for (const auto& entry : tests::read_json(folder / "kde_vectors.json")) {
    SCOPED_TRACE("vector " + std::to_string(cases));
    const auto tensor = [&](const char* key) {
      return torch::tensor(entry.at(key).get<std::vector<double>>(), torch::kDouble);
    };
    const Tensor image = tensor("samples").reshape({1, 3, 3, 3}).requires_grad_();
    KdeEntropyConfig config;
    config.bandwidth = entry.at("bandwidth");

    const Tensor entropy = kde_entropy_images(image, config);
    entropy.sum().backward();

    const double expected = entry.at("entropy"), found = entropy[0][1][1].item<double>();
    EXPECT_NEAR(found, expected, 1e-9 * std::max(1.0, std::abs(expected)));
    EXPECT_EQ(entropy.sum().item<double>(), found);
    const Tensor gradient = tensor("gradient");
    const double allowed = 1e-9 * gradient.abs().max().item<double>() + 1e-12;
    EXPECT_LT(tests::largest_error(image.grad().flatten(), gradient), allowed);
    ++cases;
  }
  tests::report_cases("kernel histograms through the layer", cases);
}

}  // namespace
}  // namespace mint::perception
