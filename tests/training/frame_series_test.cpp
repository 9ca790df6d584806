#include "training/frame_series.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

class FrameSeriesFile : public testing::Test {
 protected:
  std::string write(const std::string& text) const {
    const auto file = folder_.path() / "activity.json";
    tests::write_file(file, text);
    return file.string();
  }

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(FrameSeriesFile, HoldsASeriesForEveryListOfNumbers) {
  const auto series = read_frame_series(
      write(R"({"file": "a.avi", "frames": 3, "blobs": [1, 2, 3], "area": [0.5, null, 1]})"));

  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[0].name, "area");
  EXPECT_EQ(series[0].values[0], 0.5);
  EXPECT_TRUE(std::isnan(series[0].values[1]));
  EXPECT_EQ(series[1].name, "blobs");
  EXPECT_EQ(series[1].values, (std::vector<double>{1, 2, 3}));
}

TEST_F(FrameSeriesFile, MayBeOneList) {
  const auto series = read_frame_series(write("[4, 5]"));

  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].name, "activity");
  EXPECT_EQ(values_at(series[0], {1, 0, 1}), (std::vector<double>{5, 4, 5}));
}

TEST_F(FrameSeriesFile, ThatHoldsNothingOfUseIsNamed) {
  const std::string file = write("{\"a\": [\"x\"]}");
  EXPECT_EQ(tests::error_of([&] { read_frame_series(file); }),
            file + ": expected a list of numbers, one a frame, got none");
  write("{\"a\": [1,");
  EXPECT_EQ(tests::error_of([&] { read_frame_series(file); }),
            file + ": expected a JSON file, got something else");
}

TEST(FrameSeries, OfVisibleObjectsLeavesEmptyMasksOut) {
  const auto full = perception::RunLengthMask::from_counts(2, 2, {0, 4});
  const auto empty = perception::RunLengthMask::from_counts(2, 2, {4});

  const FrameSeries series = visible_objects({{}, {{1, full}, {2, empty}}, {{1, full}, {3, full}}});

  EXPECT_EQ(series.values, (std::vector<double>{0, 1, 2}));
}

TEST(FrameSeries, ThatEndsBeforeTheVideoIsNamed) {
  EXPECT_EQ(tests::error_of([] {
              values_at({"blobs", {1, 2}}, {0, 2});
            }),
            "blobs: expected a value for frame 2, got 2 values");
}

}  // namespace
}  // namespace mint::training
