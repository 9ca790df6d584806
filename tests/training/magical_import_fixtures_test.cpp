// The published demonstrations themselves: the first file of each folder below $MINT_SHARED/demos.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "envs/draw.h"
#include "envs/task.h"
#include "tests/support/fixtures.h"
#include "training/magical_import.h"

namespace mint::training {
namespace {

// shared/demos/README.md: control steps per demonstration.
const std::map<std::string, int64_t> kSteps = {
    {"MoveToRegion-Demo-v0", 40},   {"MoveToCorner-Demo-v0", 80}, {"MakeLine-Demo-v0", 180},
    {"MatchRegions-Demo-v0", 120},  {"FindDupe-Demo-v0", 100},    {"FixColour-Demo-v0", 60},
    {"ClusterColour-Demo-v0", 240}, {"ClusterShape-Demo-v0", 240}};

// The first frame of a demonstration is the Demo scene of its task; tolerances as for frames.
void compare_first_frame(const Episode& episode) {
  const auto name = envs::parse_env_name(episode.env_name);
  const auto& tasks = envs::tasks();
  const bool is_known = std::any_of(tasks.begin(), tasks.end(), [&](const envs::TaskSpec& task) {
    return task.name == name.task;
  });
  if (!is_known) return;
  const envs::Scene scene = envs::sample_scene(name.task, name.variant, 0);
  envs::Image image;
  envs::draw(scene, envs::initial_state(scene), envs::Camera::kAllocentric, image);
  std::vector<uint8_t> ours(96 * 96 * 3);
  envs::downsample(image, ours.data());
  int pixels_off = 0;
  double sum = 0;
  for (size_t i = 0; i < ours.size(); i += 3) {
    int largest = 0;
    for (size_t c = i; c < i + 3; ++c) {
      const int off = std::abs(ours[c] - episode.frames[c]);
      largest = std::max(largest, off);
      sum += off;
    }
    pixels_off += largest > 2;
  }
  EXPECT_LE(pixels_off, 40);
  EXPECT_LE(sum / static_cast<double>(ours.size()), 0.05);
}

TEST(MagicalImportFixtures, TheFirstDemonstrationOfEachFolder) {
  const auto demos = tests::shared_folder() / "demos";
  if (!std::filesystem::exists(demos)) GTEST_SKIP() << "no demonstrations at " << demos;
  std::set<std::filesystem::path> folders;
  size_t count = 0;

  for (const auto& file : find_magical_demonstrations(demos)) {
    if (!folders.insert(file.parent_path()).second) continue;
    SCOPED_TRACE(file.string());
    const Episode episode = read_magical_demonstration(file);

    EXPECT_EQ(episode.score, 1.0);
    const auto steps = kSteps.find(episode.env_name);
    if (steps == kSteps.end()) {
      ADD_FAILURE() << "unknown environment " << episode.env_name;
    } else {
      EXPECT_EQ(episode.length(), steps->second);
    }
    EXPECT_EQ(episode.frames.size(), (episode.length() + 1) * 96u * 96 * 3);
    EXPECT_EQ(episode.source, "magical:" + file.filename().string());
    compare_first_frame(episode);
    ++count;
  }

  tests::report_cases("demonstrations", count);
}

}  // namespace
}  // namespace mint::training
