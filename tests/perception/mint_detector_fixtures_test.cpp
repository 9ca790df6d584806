#include "perception/mint_detector.h"

#include <cmath>

#include "perception/mint_loss.h"
#include "tests/perception/fixture_tensors.h"

namespace mint::perception {
namespace {

using nlohmann::json;
using torch::Tensor;

MintDetector loaded_detector(const std::filesystem::path& manifest, const Tensor& images) {
  MintConfig config;
  config.height = images.size(2);
  config.width = images.size(3);
  config.keypoints = tests::read_json(manifest).at("tensors").at(0).at("shape").at(0);
  MintDetector detector(config, /*seed=*/0);
  tests::load_weights(detector.module(), manifest);
  return detector;
}

struct Maps {
  MintDetector::Output keypoints;
  Tensor features;  // softplus of the network's output
};

Maps evaluate(MintDetector& detector, const Tensor& images) {
  const torch::NoGradGuard no_grad;
  detector.module().eval();
  auto& network = dynamic_cast<HourglassImpl&>(detector.module());
  return {detector.train_forward(images), torch::nn::functional::softplus(network.forward(images))};
}

TEST(MintDetectorFixtures, FindsThePublishedKeypointsInNarrowImages) {
  MINT_FIXTURES(folder, "mint/detector");
  const Tensor images = tests::load_images(folder / "frames.npy");
  MintDetector detector = loaded_detector(folder / "weights_magical.json", images);

  const Maps found = evaluate(detector, images);
  const Tensor maps = tests::load_tensor(folder / "feature_maps_frame0_kp0_3.npy");

  const auto check = [&](const Tensor& value, const char* file, double tolerance) {
    const Tensor expected = tests::load_tensor(folder / file).reshape(value.sizes());
    EXPECT_LT(tests::largest_error(value, expected), tolerance) << file;
  };
  check(found.keypoints.coords, "coords.npy", 1e-5);
  check(found.keypoints.activation, "activation.npy", 5e-4);
  check(keypoint_status(found.keypoints.activation, 10).round(), "status_gamma10.npy", 0.5);
  check(keypoint_status(found.keypoints.activation, 15).round(), "status_gamma15.npy", 0.5);
  EXPECT_LT(tests::largest_error(found.features[0].slice(0, 0, maps.size(0)), maps), 5e-4);
  tests::report_cases("detector frames", static_cast<size_t>(images.size(0)));
}

TEST(MintDetectorFixtures, GivesThePoliciesKeypoints) {
  MINT_FIXTURES(folder, "mint/detector");
  const Tensor images = tests::load_images(folder / "frames.npy");
  const Tensor expected = tests::load_tensor(folder / "policy_keypoints_gamma10.npy");
  MintDetector original = loaded_detector(folder / "weights_magical.json", images);
  MintConfig config = original.config();
  config.detect_gamma = 10;
  MintDetector detector(config, /*seed=*/0);
  tests::load_weights(detector.module(), folder / "weights_magical.json");

  const Keypoints found = detector.detect(images);
  const Tensor s = found.active.unsqueeze(2);
  const Tensor features = torch::cat({2 * (found.xy - 0.5) * s, s}, 2);

  // The reference's status is real in a band of 0.01 around gamma; leave such keypoints out.
  const Tensor activation = tests::load_tensor(folder / "activation.npy");
  const Tensor clear = ((activation - 10).abs() > 0.02).unsqueeze(2).to(torch::kDouble);
  EXPECT_GT(clear.sum().item<double>(), 0);
  EXPECT_LT(tests::largest_error(features * clear, expected.reshape(features.sizes()) * clear),
            2e-5);
}

TEST(MintDetectorFixtures, FindsThePublishedKeypointsInWideImages) {
  MINT_FIXTURES(folder, "mint/detector");
  MINT_FIXTURES(entropy, "mint/entropy");
  const Tensor images = tests::load_images(entropy / "wide_rgb.npy").unsqueeze(0);
  MintDetector detector = loaded_detector(folder / "weights_wide.json", images);

  const Maps found = evaluate(detector, images);
  const Tensor maps = tests::load_tensor(folder / "wide_feature_maps.npy").squeeze(0);

  const Tensor coords = tests::load_tensor(folder / "wide_coords.npy");
  const Tensor activation = tests::load_tensor(folder / "wide_activation.npy");
  EXPECT_LT(
      tests::largest_error(found.keypoints.coords, coords.reshape(found.keypoints.coords.sizes())),
      1e-5);
  EXPECT_LT(tests::largest_error(found.keypoints.activation,
                                 activation.reshape(found.keypoints.activation.sizes())),
            5e-4);
  EXPECT_LT(tests::largest_error(found.features[0].slice(0, 0, maps.size(0)), maps), 5e-4);
  tests::report_cases("wide frames", 1);
}

TEST(MintDetectorFixtures, AgreesAfterEveryLayer) {
  MINT_FIXTURES(folder, "mint/detector");
  const Tensor images = tests::load_images(folder / "frames.npy");
  MintDetector detector = loaded_detector(folder / "weights_magical.json", images);
  detector.module().eval();
  const torch::NoGradGuard no_grad;

  auto* layers = detector.module().children().at(0)->as<torch::nn::Sequential>();
  ASSERT_NE(layers, nullptr);
  Tensor x = images.to(torch::kFloat) * 2 - 1;
  size_t cases = 0;
  for (const auto& layer : tests::read_json(folder / "layers.json")) {
    const auto index = layer.at("index").get<size_t>();
    ASSERT_EQ(index, cases);
    x = index < layers->size() ? (layers->begin() + static_cast<int64_t>(index))->forward(x)
                               : torch::nn::functional::softplus(x);
    SCOPED_TRACE("layer " + std::to_string(index));
    EXPECT_EQ(x.sizes().vec(), layer.at("shape").get<std::vector<int64_t>>());
    const double scale = std::max(1.0, layer.at("std").get<double>());
    EXPECT_NEAR(x.mean().item<double>(), layer.at("mean").get<double>(), 2e-4 * scale);
    EXPECT_NEAR(x.std(/*unbiased=*/false).item<double>(), layer.at("std").get<double>(),
                2e-4 * scale);
    EXPECT_NEAR(x.min().item<double>(), layer.at("min").get<double>(), 1e-3 * scale);
    EXPECT_NEAR(x.max().item<double>(), layer.at("max").get<double>(), 1e-3 * scale);
    ++cases;
  }
  tests::report_cases("layers", cases);
}

// One training step with the published weights.
class TrainStepFixtures : public testing::Test {
 protected:
  struct Step {
    MintDetector detector;
    MintDetector::Output output;
    MintLoss loss;
  };

  static Step run(const std::filesystem::path& folder, torch::ScalarType type) {
    const json step = tests::read_json(folder / "train_step.json");
    const auto weights = folder.parent_path() / step.at("weights").get<std::string>();
    auto manifest = weights;
    manifest.replace_extension(".json");
    const Tensor images = tests::load_images(folder / "images.npy");
    MintDetector detector = loaded_detector(manifest, images);
    detector.module().to(type);
    detector.module().train();
    MintLossConfig config;  // the defaults are those of the fixture
    config.frames = step.at("frames");
    config.first_heatmap_area = true;
    MintDetector::Output output = detector.train_forward(images.to(type));
    output.coords.retain_grad();
    const MintLoss loss =
        mint_loss(output.coords, output.status, tests::load_tensor(folder / "entropy.npy"), config);
    loss.total.backward();
    return {std::move(detector), output, loss};
  }

  // Every parameter's gradient in the file's order.
  static Tensor flat_gradient(MintDetector& detector, const json& step) {
    const auto parameters = detector.module().named_parameters();
    std::vector<Tensor> parts;
    for (const std::string name : step.at("param_order")) {
      parts.push_back(parameters[name].grad().flatten());
    }
    return torch::cat(parts);
  }
};

TEST_F(TrainStepFixtures, AgreeInBothPrecisions) {
  MINT_FIXTURES(folder, "mint/train_step");
  const json expected = tests::read_json(folder / "train_step.json");
  const std::vector<float> values = tests::read_floats(folder / "grads.bin");
  const Tensor gradient = torch::tensor(values);

  for (const auto type : {torch::kDouble, torch::kFloat}) {
    SCOPED_TRACE(type == torch::kDouble ? "double" : "float");
    const bool is_double = type == torch::kDouble;
    Step step = run(folder, type);

    EXPECT_LT(tests::largest_error(step.output.coords, tests::load_tensor(folder / "coords.npy")),
              is_double ? 1e-7 : 1e-3);
    EXPECT_LT(
        tests::largest_error(step.output.activation, tests::load_tensor(folder / "activation.npy")),
        is_double ? 1e-5 : 1e-2);
    const double loss = expected.at("loss");
    EXPECT_NEAR(step.loss.total.item<double>(), loss, (is_double ? 1e-6 : 1e-4) * loss);
    const auto terms = mean_terms(step.loss);
    const json& logged = expected.at("logged");
    EXPECT_NEAR(terms[0].second, logged.at("mint/masked_entropy_percentage").get<double>(), 1e-3);
    EXPECT_NEAR(terms[5].second, logged.at("mint/status_loss").get<double>(), 1e-3);

    const Tensor found = flat_gradient(step.detector, expected).to(torch::kFloat);
    ASSERT_EQ(found.sizes(), gradient.sizes());
    const double error = ((found - gradient).norm() / gradient.norm()).item<double>();
    EXPECT_LT(error, is_double ? 1e-5 : 2e-2);
    if (is_double) {
      EXPECT_LT(tests::relative_error(step.output.coords.grad(),
                                      tests::load_tensor(folder / "grad_coords.npy")),
                1e-5);
    }
  }
  tests::report_cases("training steps", 1);
}

TEST_F(TrainStepFixtures, MoveTheRunningStatistics) {
  MINT_FIXTURES(folder, "mint/train_step");
  const Step step = run(folder, torch::kFloat);
  auto detector = step.detector;
  const auto buffers = detector.module().named_buffers();

  const json running = tests::read_json(folder / "train_step.json").at("running_after");
  size_t cases = 0;
  for (const auto& [name, values] : running.items()) {
    const Tensor expected = torch::tensor(values.get<std::vector<double>>(), torch::kDouble);
    EXPECT_LT(tests::relative_error(buffers[name], expected), 1e-4) << name;
    ++cases;
  }
  tests::report_cases("running statistics", cases);
}

TEST_F(TrainStepFixtures, ClipAndAdamGiveTheReferenceParameters) {
  MINT_FIXTURES(folder, "mint/train_step");
  const json step = tests::read_json(folder / "train_step.json");
  const Tensor images = tests::load_images(folder / "images.npy");
  auto manifest = folder.parent_path() / step.at("weights").get<std::string>();
  MintDetector detector = loaded_detector(manifest.replace_extension(".json"), images);
  const std::vector<float> grads = tests::read_floats(folder / "grads.bin");
  const std::vector<float> after = tests::read_floats(folder / "params_after.bin");

  const auto named = detector.module().named_parameters();
  std::vector<Tensor> parameters;
  size_t offset = 0;
  for (const std::string name : step.at("param_order")) {
    Tensor parameter = named[name];
    const auto count = static_cast<size_t>(parameter.numel());
    ASSERT_LE(offset + count, grads.size());
    parameter.mutable_grad() = torch::tensor(torch::ArrayRef<float>(grads.data() + offset, count))
                                   .reshape(parameter.sizes());
    parameters.push_back(parameter);
    offset += count;
  }
  torch::optim::Adam adam(parameters, torch::optim::AdamOptions(step.at("lr").get<double>())
                                          .weight_decay(step.at("weight_decay").get<double>()));
  torch::nn::utils::clip_grad_norm_(parameters, step.at("clip").get<double>());
  adam.step();

  std::vector<Tensor> parts;
  for (const Tensor& parameter : parameters) parts.push_back(parameter.detach().flatten());
  EXPECT_LT(tests::largest_error(torch::cat(parts), torch::tensor(after)), 1e-6);
}

}  // namespace
}  // namespace mint::perception
