#include "perception/run_length_mask.h"

#include <gtest/gtest.h>

#include "tests/support/fixtures.h"
#include "tests/support/npy.h"

namespace mint::perception {
namespace {

TEST(RunLengthMaskFixtures, TextRunsAndBitmapAgreeBothWays) {
  MINT_FIXTURES(folder, "baselines/rle");
  size_t cases = 0;
  for (const auto& entry : tests::read_json(folder / "cases.json")) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    const int64_t height = entry.at("size")[0], width = entry.at("size")[1];
    const std::string text = entry.at("counts");
    const auto runs = entry.at("counts_list").get<std::vector<int64_t>>();
    const tests::Array pixels = tests::read_npy(folder / entry.at("mask").get<std::string>());
    const std::vector<uint8_t> bitmap(pixels.values.begin(), pixels.values.end());

    const auto from_text = RunLengthMask::from_compressed(height, width, text);
    const auto from_runs = RunLengthMask::from_counts(height, width, runs);
    const auto from_bitmap = RunLengthMask::from_bitmap(bitmap.data(), height, width);

    for (const RunLengthMask& mask : {from_text, from_runs, from_bitmap}) {
      EXPECT_EQ(mask.counts(), runs);
      EXPECT_EQ(mask.compressed(), text);
      EXPECT_EQ(mask.bitmap(), bitmap);
      EXPECT_EQ(mask.area(), entry.at("area").get<int64_t>());
    }
    ++cases;
  }
  tests::report_cases("run-length masks", cases);
}

}  // namespace
}  // namespace mint::perception
