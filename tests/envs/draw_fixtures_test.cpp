// Every recorded frame of the original in fixtures/magical/frames, both cameras and both sizes.
// With MINT_DUMP set to a folder our frames are written there.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "envs/draw.h"
#include "tests/envs/magical_fixtures.h"
#include "tests/support/fidelity_table.h"
#include "tests/support/fixtures.h"
#include "tests/support/png.h"

namespace mint::tests {
namespace {

// The tolerances of the fixtures' README.
constexpr int kFullPixelsOffTolerance = 20;
constexpr int kSmallPixelsOffTolerance = 40;
constexpr double kSmallMeanTolerance = 0.05;  // levels

struct FrameDifference {
  int pixels_off = 0;  // with a channel off by more than two levels
  int largest = 0;     // of all channels, levels
  double mean = 0;     // absolute, over all channels, levels
};

FrameDifference compare_frames(const envs::Image& a, const envs::Image& b) {
  if (a.width != b.width || a.height != b.height || a.rgb.size() != b.rgb.size()) {
    throw std::runtime_error("compare_frames: the sizes differ");
  }
  FrameDifference difference;
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); i += 3) {
    int off = 0;
    for (size_t c = i; c < i + 3; ++c) {
      off = std::max(off, std::abs(a.rgb[c] - b.rgb[c]));
      sum += std::abs(a.rgb[c] - b.rgb[c]);
    }
    difference.pixels_off += off > 2;
    difference.largest = std::max(difference.largest, off);
  }
  difference.mean = sum / static_cast<double>(a.rgb.size());
  return difference;
}

// One recorded frame and ours.
struct FramePair {
  std::string task;
  std::string name;  // "make-line-00-allo96"
  int size_px = 0;   // 384 or 96
  envs::Image recorded;
  envs::Image ours;
};

// Calls visit(pair) for every recorded frame, task by task; one pair in memory at a time.
void for_each_frame_pair(const std::filesystem::path& magical,
                         const std::function<void(const FramePair&)>& visit) {
  const std::filesystem::path frames = magical / "frames";
  const auto json = read_json(frames / "states.json");
  for (const auto& [task, entry] : json.at("tasks").items()) {
    for (const auto& frame : entry.at("frames")) {
      const auto& recorded_state = frame.at("state");
      const envs::Scene scene = scene_from(task, recorded_state, nlohmann::json::object());
      const envs::State state = state_from(scene, recorded_state);
      char number[16];
      std::snprintf(number, sizeof number, "-%02d-", frame.at("index").get<int>());
      const std::string prefix = entry.at("prefix").get<std::string>() + number;
      for (const auto camera : {envs::Camera::kAllocentric, envs::Camera::kEgocentric}) {
        const std::string view = camera == envs::Camera::kAllocentric ? "allo" : "ego";
        envs::Image full;
        draw(scene, state, camera, full);
        envs::Image small;
        small.width = small.height = envs::kObservationSize_px;
        small.rgb.resize(3 * small.width * small.height);
        downsample(full, small.rgb.data());
        for (const envs::Image* ours : {&full, &small}) {
          if (ours == &full && !frame.value("full_size", false)) continue;
          const std::string name = prefix + view + std::to_string(ours->width);
          visit(FramePair{task, name, ours->width, read_png(frames / (name + ".png")), *ours});
        }
      }
    }
  }
}

// The worst and the average over the frames of one size.
struct FrameStatistics {
  size_t frames = 0;
  int most_pixels_off = 0;
  int largest = 0;  // difference of a channel, levels
  double mean = 0;  // over all frames, levels
};

void add(FrameStatistics& statistics, const FrameDifference& difference) {
  const auto seen = static_cast<double>(statistics.frames++);
  statistics.most_pixels_off = std::max(statistics.most_pixels_off, difference.pixels_off);
  statistics.largest = std::max(statistics.largest, difference.largest);
  statistics.mean = (statistics.mean * seen + difference.mean) / (seen + 1);
}

std::string cell(const FrameStatistics& frames) {
  return std::to_string(frames.most_pixels_off) + ", " + std::to_string(frames.largest) + ", " +
         with_digits(frames.mean, 4);
}

TEST(DrawFixtures, FramesMatchTheOriginal) {
  MINT_FIXTURES(magical, "magical");
  const char* dump = std::getenv("MINT_DUMP");
  std::map<std::pair<std::string, int>, FrameStatistics> statistics;  // by task and size
  size_t count = 0;

  for_each_frame_pair(magical, [&](const FramePair& pair) {
    if (dump) write_png(std::filesystem::path(dump) / (pair.name + ".png"), pair.ours);
    const FrameDifference difference = compare_frames(pair.ours, pair.recorded);
    add(statistics[{pair.task, pair.size_px}], difference);
    if (pair.size_px == envs::kFullSize_px) {
      EXPECT_LE(difference.pixels_off, kFullPixelsOffTolerance) << pair.name;
    } else {
      EXPECT_LE(difference.pixels_off, kSmallPixelsOffTolerance) << pair.name;
      EXPECT_LE(difference.mean, kSmallMeanTolerance) << pair.name;
    }
    ++count;
  });

  for (const auto& [frames, values] : statistics) {
    const bool is_full = frames.second == envs::kFullSize_px;
    record_fidelity(frames.first, is_full ? FidelityColumn::kFrames384 : FidelityColumn::kFrames96,
                    cell(values));
  }
  report_cases("frames of both cameras and sizes", count);
}

}  // namespace
}  // namespace mint::tests
