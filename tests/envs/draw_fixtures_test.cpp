// Every recorded frame of the original in fixtures/magical/frames, both cameras and both sizes.
// With MINT_DUMP set to a folder our frames are written there.
#include "tests/envs/draw_fixtures.h"

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/fidelity_table.h"

namespace mint::envs {
namespace {

std::string cell(const tests::FrameStatistics& frames) {
  return std::to_string(frames.most_pixels_off) + ", " + std::to_string(frames.largest) + ", " +
         tests::with_digits(frames.mean, 4);
}

TEST(DrawFixtures, FramesMatchTheOriginal) {
  MINT_FIXTURES(magical, "magical");
  const char* dump = std::getenv("MINT_DUMP");
  size_t count = 0;

  tests::for_each_frame_pair(magical, [&](const tests::FramePair& pair) {
    if (dump) tests::write_png(std::filesystem::path(dump) / (pair.name + ".png"), pair.ours);
    const auto difference = tests::compare_frames(pair.ours, pair.recorded);
    if (pair.size_px == kFullSize_px) {
      EXPECT_LE(difference.pixels_off, tests::kFullPixelsOffTolerance) << pair.name;
    } else {
      EXPECT_LE(difference.pixels_off, tests::kSmallPixelsOffTolerance) << pair.name;
      EXPECT_LE(difference.mean, tests::kSmallMeanTolerance) << pair.name;
    }
    ++count;
  });

  for (const tests::TaskFrames& task : tests::frame_statistics(magical)) {
    tests::record_fidelity(task.task, tests::FidelityColumn::kFrames384, cell(task.full));
    tests::record_fidelity(task.task, tests::FidelityColumn::kFrames96, cell(task.small));
  }
  tests::report_cases("frames of both cameras and sizes", count);
}

}  // namespace
}  // namespace mint::envs
