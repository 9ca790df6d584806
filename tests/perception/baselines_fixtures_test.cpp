#include "perception/keypoint_grid.h"
#include "perception/transporter_maps.h"
#include "perception/video_structure_detector.h"
#include "perception/video_structure_maps.h"
#include "tests/perception/fixture_tensors.h"

namespace mint::perception {
namespace {

using torch::Tensor;

// Cases hold float32 inputs and double outputs; in double every digit must agree.
constexpr double kTolerance = 1e-12;

TEST(TransporterFixtures, KeypointsHeatmapsAndBothTransportsAgree) {
  MINT_FIXTURES(folder, "baselines/transporter");
  size_t cases = 0;
  for (const char* name : {"transport", "transport_overlap"}) {
    SCOPED_TRACE(name);
    const auto load = [&](const std::string& file) {
      return tests::load_tensor(folder / name / (file + ".npy"));
    };
    const double inverse_std =
        tests::read_json(folder / name / "config.json").at("inverse_std").get<double>();
    Tensor heatmaps[2];
    for (const int i : {0, 1}) {
      const std::string frame = i == 0 ? "source" : "target";
      const Tensor scores = load(frame + "_score_maps");
      const Tensor keypoints = transporter_keypoints(scores);
      heatmaps[i] = transporter_heatmaps(keypoints, scores.size(2), scores.size(3), inverse_std);
      EXPECT_LT(tests::largest_error(keypoints, load("out_" + frame + "_keypoints")), kTolerance);
      EXPECT_LT(tests::largest_error(heatmaps[i], load("out_" + frame + "_heatmaps")), kTolerance);
    }
    const auto mixed = [&](Transport rule) {
      return transport(load("source_features"), load("target_features"), heatmaps[0], heatmaps[1],
                       rule);
    };
    EXPECT_LT(tests::largest_error(mixed(Transport::kSummed), load("out_transported_sum")),
              kTolerance);
    EXPECT_LT(
        tests::largest_error(mixed(Transport::kSequential), load("out_transported_sequential")),
        kTolerance);
    ++cases;
  }
  tests::report_cases("transports", cases);
}

TEST(VideoStructureFixtures, KeypointsMapsAndLossesAgree) {
  MINT_FIXTURES(folder, "baselines/video_structure");
  size_t cases = 0;
  for (const char* name : {"a", "b"}) {
    SCOPED_TRACE(name);
    const auto load = [&](const std::string& file) {
      return tests::load_tensor(folder / name / (file + ".npy"));
    };
    const auto expected = tests::read_json(folder / name / "losses.json");
    const Tensor heatmaps = load("heatmaps");

    const StructureKeypoints found = structure_keypoints(heatmaps, {});
    const StructureKeypoints released = structure_keypoints(heatmaps, {}, true);
    const StructureKeypoints original = structure_keypoints(heatmaps, {1e-6, 0, 1e-6});

    const auto triples = [](const StructureKeypoints& k, double y_sign) {
      return torch::stack({k.xy.select(-1, 0), k.xy.select(-1, 1) * y_sign, k.intensity}, -1);
    };
    EXPECT_LT(tests::largest_error(triples(found, 1), load("out_keypoints")), kTolerance);
    EXPECT_LT(tests::largest_error(triples(original, -1), load("out_keypoints_original_y_up")),
              kTolerance);
    EXPECT_LT(tests::largest_error(released.intensity, load("out_intensity_self_normalised")),
              kTolerance);
    const Tensor maps = structure_maps(found, heatmaps.size(3), heatmaps.size(4));
    EXPECT_LT(tests::largest_error(maps, load("out_gaussian_maps")), kTolerance);

    const double sigma = expected.at("sigma_separation");
    const Tensor separation = separation_loss(found.xy, sigma);
    const Tensor close = separation_loss(load("close_keypoints").slice(-1, 0, 2), sigma);
    const Tensor reconstruction =
        structure_reconstruction_loss(load("reconstruction"), load("frames").slice(1, 1));
    const Tensor sparsity = sparsity_loss(heatmaps);
    const auto expect = [&](const Tensor& value, const char* key) {
      EXPECT_NEAR(value.item<double>(), expected.at(key).get<double>(), kTolerance) << key;
    };
    expect(separation, "separation");
    expect(close, "separation_close_keypoints");
    expect(reconstruction, "reconstruction");
    expect(sparsity, "sparsity");
    const VideoStructureWeights weights = video_structure_weights("comparison");
    expect(separation * weights.separation + reconstruction * weights.reconstruction +
               sparsity * weights.sparsity,
           "total");
    const Tensor active = found.intensity >= expected.at("active_threshold").get<double>();
    std::vector<int64_t> flags;
    for (const auto& window : expected.at("active")) {
      for (const auto& frame : window) {
        for (const auto& flag : frame) flags.push_back(flag);
      }
    }
    EXPECT_TRUE(torch::equal(active.flatten().to(torch::kLong), torch::tensor(flags)));
    ++cases;
  }
  tests::report_cases("windows", cases);
}

}  // namespace
}  // namespace mint::perception
