#include "perception/run_length_mask.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/error_of.h"

namespace mint::perception {
namespace {

using Counts = std::vector<int64_t>;

TEST(RunLengthMask, ReadsColumnByColumn) {
  const uint8_t image[] = {0, 1, 0,  //
                           1, 1, 0};

  const auto mask = RunLengthMask::from_bitmap(image, 2, 3);

  EXPECT_EQ(mask.counts(), (Counts{1, 3, 2}));
  EXPECT_EQ(mask.bitmap(), (std::vector<uint8_t>{0, 1, 0, 1, 1, 0}));
  EXPECT_EQ(mask.area(), 3);
}

// The fixtures' one full row of a 7x11 image: from the fourth number on there are differences.
TEST(RunLengthMask, CodesDifferencesFromTheFourthNumberOn) {
  const std::string text = "3160000000000000000000M";

  const auto mask = RunLengthMask::from_compressed(7, 11, text);

  EXPECT_EQ(Counts(mask.counts().begin(), mask.counts().begin() + 5), (Counts{3, 1, 6, 1, 6}));
  EXPECT_EQ(mask.counts().back(), 3);
  EXPECT_EQ(mask.area(), 11);
  EXPECT_EQ(mask.compressed(), text);
}

// A run of 153599 pixels takes four groups of five bits; from the fixtures.
TEST(RunLengthMask, CodesLongRuns) {
  const auto mask = RunLengthMask::from_counts(320, 480, {153599, 1});

  EXPECT_EQ(mask.compressed(), "ooe41");
  EXPECT_EQ(RunLengthMask::from_compressed(320, 480, "ooe41").counts(), (Counts{153599, 1}));
}

TEST(RunLengthMask, ContainsItsOnesAndNothingOutsideTheImage) {
  const auto mask = RunLengthMask::from_counts(2, 3, {1, 3, 1, 1});

  const std::vector<uint8_t> bitmap = mask.bitmap();

  for (int64_t row = -1; row <= 2; ++row) {
    for (int64_t column = -1; column <= 3; ++column) {
      const bool is_in_image = row >= 0 && row < 2 && column >= 0 && column < 3;
      const bool is_one = is_in_image && bitmap[static_cast<size_t>(row * 3 + column)] == 1;
      EXPECT_EQ(mask.contains(column, row), is_one) << column << ", " << row;
    }
  }
}

TEST(RunLengthMask, EqualMasksHaveEqualTexts) {
  const auto plain = RunLengthMask::from_counts(2, 3, {1, 3, 2});
  const auto split = RunLengthMask::from_counts(2, 3, {1, 1, 0, 2, 2, 0});

  EXPECT_EQ(split.counts(), plain.counts());
  EXPECT_EQ(split.compressed(), plain.compressed());
  EXPECT_EQ(RunLengthMask::from_counts(2, 3, {0, 0, 6}).compressed(), "6");
}

TEST(RunLengthMask, NamesWhatIsWrongWithRuns) {
  const auto error = [](const Counts& counts) {
    return tests::error_of<std::invalid_argument>(
        [&] { RunLengthMask::from_counts(2, 3, counts); });
  };

  EXPECT_EQ(error({1, 2}), "run-length mask: run lengths: expected a sum of 6, got 3");
  EXPECT_EQ(error({}), "run-length mask: run lengths: expected a sum of 6, got 0");
  EXPECT_EQ(error({1, 7}), "run-length mask: run lengths: expected a sum of 6, got a larger one");
  EXPECT_EQ(error({7, -1}), "run-length mask: run lengths: expected a sum of 6, got a larger one");
  EXPECT_EQ(error({5, -1, 2}), "run-length mask: run length: expected at least 0, got -1");
}

TEST(RunLengthMask, NamesWhatIsWrongWithText) {
  const auto error = [](const std::string& text) {
    return tests::error_of<std::invalid_argument>(
        [&] { RunLengthMask::from_compressed(2, 3, text); });
  };

  EXPECT_EQ(error("1P"),
            "run-length mask: text: expected a whole number at its end, got one cut after 1 "
            "characters");
  EXPECT_EQ(error("1 5"),
            "run-length mask: text: expected characters '0' to 'o', got byte 32 at position 1");
  EXPECT_EQ(error(std::string(20, 'o')),
            "run-length mask: text: expected numbers of at most 12 characters, got a longer one at "
            "position 0");
  EXPECT_EQ(error("O"), "run-length mask: run length: expected 0 to 6, got -1");
  EXPECT_EQ(error("12"), "run-length mask: run lengths: expected a sum of 6, got 3");
}

TEST(RunLengthMask, RejectsSizesThatNoImageHas) {
  EXPECT_EQ(tests::error_of<std::invalid_argument>([] { RunLengthMask::from_counts(0, 3, {}); }),
            "run-length mask: size: expected sides of 1 to 65535 pixels, got 0x3");
  EXPECT_THROW(RunLengthMask::from_compressed(1, 1 << 20, "1"), std::invalid_argument);
}

}  // namespace
}  // namespace mint::perception
