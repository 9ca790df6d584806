#include "perception/prediction_success.h"

#include "tests/perception/metrics_fixture.h"

namespace mint::perception {
namespace {

TEST(PredictionSuccessFixtures, EveryHorizonAgrees) {
  MINT_FIXTURES(folder, "baselines/prediction");
  size_t cases = 0;
  for (const auto& entry : tests::read_json(folder / "cases.json")) {
    const std::string prefix = entry.at("prefix");
    SCOPED_TRACE(prefix);
    const auto video = tests::load_metrics_case(folder / prefix);
    const tests::Array positions = tests::read_npy(folder / (prefix + "_predicted.npy"));
    const auto expected = entry.at("success_rate").get<std::vector<double>>();

    const auto rates = prediction_success(
        video.keypoints, {entry.at("history"), positions.shape.at(2), positions.values},
        video.objects);

    ASSERT_EQ(rates.size(), expected.size());
    for (size_t h = 0; h < rates.size(); ++h) tests::expect_value(rates[h], expected[h], "rate");
    ++cases;
  }
  tests::report_cases("predicted videos", cases);
}

}  // namespace
}  // namespace mint::perception
