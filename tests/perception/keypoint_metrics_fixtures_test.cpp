#include "perception/keypoint_metrics.h"

#include "perception/released_metrics.h"
#include "tests/perception/metrics_fixture.h"

namespace mint::perception {
namespace {

using nlohmann::json;
using tests::expect_value;
using tests::number_or_nan;

void expect_frame(const FrameMetrics& frame, const json& expected, bool is_first) {
  EXPECT_EQ(frame.objects, expected.at("n_gt").get<int64_t>());
  EXPECT_EQ(frame.detected, expected.at("n_detected").get<int64_t>());
  EXPECT_EQ(frame.tracked, is_first ? 0 : expected.at("n_tracked").get<int64_t>());
  EXPECT_EQ(frame.unsuccessful, expected.at("n_unsuccessful").get<int64_t>());
  const auto densities = expected.at("densities").get<std::vector<double>>();
  ASSERT_EQ(frame.densities.size(), densities.size());
  for (size_t o = 0; o < densities.size(); ++o) {
    expect_value(frame.densities[o], densities[o], "density");
  }
  expect_value(frame.dak_product, number_or_nan(expected.at("dak_product")), "dak_product");
  expect_value(frame.dak_mean, number_or_nan(expected.at("dak_mean")), "dak_mean");
  expect_value(frame.dak_deviation, number_or_nan(expected.at("dak_deviation")), "dak_deviation");
}

void expect_video(const VideoMetrics& video, const json& expected) {
  const auto number = [&](const char* name) { return number_or_nan(expected.at(name)); };
  expect_value(video.dop, number("dop"), "dop");
  expect_value(video.top, number("top"), "top");
  expect_value(video.top_first_frame_zero, number("top_first_frame_zero"), "top_first_frame_zero");
  expect_value(video.uak, number("uak"), "uak");
  expect_value(video.dak_product, number("dak_product"), "dak_product");
  expect_value(video.dak_mean, number("dak_mean"), "dak_mean");
  expect_value(video.dak_deviation, number("dak_deviation"), "dak_deviation");
}

TEST(KeypointMetricsFixtures, FramesAndVideosAgree) {
  MINT_FIXTURES(folder, "baselines/metrics");
  size_t cases = 0;
  for (const auto& entry : tests::read_json(folder / "cases.json")) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    const auto video = tests::load_metrics_case(folder / entry.at("prefix").get<std::string>());

    const auto frames = measure_frames(video.keypoints, video.objects, entry.at("Ak"));

    ASSERT_EQ(frames.size(), entry.at("frames").size());
    for (size_t t = 0; t < frames.size(); ++t) {
      expect_frame(frames[t], entry.at("frames")[t], t == 0);
    }
    expect_video(video_metrics(frames), entry.at("video"));
    ++cases;
  }
  tests::report_cases("measured videos", cases);
}

// Null stands for an input that the published program cannot take.
TEST(KeypointMetricsFixtures, TheReleasedVariantAgrees) {
  MINT_FIXTURES(folder, "baselines/metrics");
  size_t cases = 0;
  for (const auto& entry : tests::read_json(folder / "cases.json")) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    const auto video = tests::load_metrics_case(folder / entry.at("prefix").get<std::string>());
    json expected = entry.at("released_variant");
    if (expected.is_null())
      expected = json::parse(R"({"dop": null, "top": null, "uak": null,
                                                       "dak_deviation": null})");

    const auto found = measure_as_released(video.keypoints, video.objects, entry.at("Ak"));

    expect_value(found.dop, number_or_nan(expected.at("dop")), "dop");
    expect_value(found.top, number_or_nan(expected.at("top")), "top");
    expect_value(found.uak, number_or_nan(expected.at("uak")), "uak");
    expect_value(found.dak_deviation, number_or_nan(expected.at("dak_deviation")), "dak_deviation");
    ++cases;
  }
  tests::report_cases("videos measured as the published program does", cases);
}

}  // namespace
}  // namespace mint::perception
