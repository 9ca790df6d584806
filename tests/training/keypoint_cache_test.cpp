#include "training/keypoint_cache.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <fstream>

#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/fake_detector.h"

namespace mint::training {
namespace {

tests::FakeDetector detector_at(double x) {
  return {torch::full({3, 2}, x), torch::tensor({1.f, 0.f, 1.f})};
}

const std::function<void(int64_t)> kNoReport = [](int64_t) {};

TEST(KeypointCache, LooksAtEveryFrameOnce) {
  tests::TemporaryFolder folder;
  auto detector = detector_at(0.25);
  const auto frames = torch::zeros({70, 3, 4, 4}, torch::kUInt8);

  const auto first = cached_keypoints(detector, 15, frames, folder.path() / "k", kNoReport);
  const auto second = cached_keypoints(detector, 15, frames, folder.path() / "k", kNoReport);

  EXPECT_EQ(detector.images_seen, 70);
  EXPECT_TRUE(torch::equal(first.xy, second.xy));
  EXPECT_TRUE(torch::equal(first.active, second.active));
  EXPECT_EQ(second.xy.sizes(), (std::vector<int64_t>{70, 3, 2}));
}

TEST(KeypointCache, LooksAgainForOtherWeightsFramesOrThreshold) {
  tests::TemporaryFolder folder;
  auto detector = detector_at(0.25);
  auto other = detector_at(0.5);
  const auto frames = torch::zeros({5, 3, 4, 4}, torch::kUInt8);
  cached_keypoints(detector, 15, frames, folder.path(), kNoReport);

  cached_keypoints(detector, 10, frames, folder.path(), kNoReport);
  cached_keypoints(detector, 15, frames + 1, folder.path(), kNoReport);
  const auto moved = cached_keypoints(other, 15, frames, folder.path(), kNoReport);

  EXPECT_EQ(detector.images_seen, 15);
  EXPECT_EQ(moved.xy[0][0][0].item<float>(), 0.5f);
}

TEST(KeypointCache, ReplacesADamagedFile) {
  tests::TemporaryFolder folder;
  auto detector = detector_at(0.25);
  const auto frames = torch::zeros({5, 3, 4, 4}, torch::kUInt8);
  cached_keypoints(detector, 15, frames, folder.path(), kNoReport);
  const auto file = std::filesystem::directory_iterator(folder.path())->path();
  std::string flipped = tests::read_file(file);
  flipped.back() = static_cast<char>(flipped.back() ^ 0x40);

  int64_t seen = 5;
  for (const std::string& bytes : {std::string("damaged"), flipped}) {
    tests::write_file(file, bytes);
    const auto keypoints = cached_keypoints(detector, 15, frames, folder.path(), kNoReport);
    cached_keypoints(detector, 15, frames, folder.path(), kNoReport);

    EXPECT_EQ(detector.images_seen, seen += 5);
    EXPECT_EQ(keypoints.xy[4][2][1].item<float>(), 0.25f);
  }
}

TEST(KeypointCache, DoesWithoutAFolderThatCannotBeWritten) {
  tests::TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "not a folder";
  auto detector = detector_at(0.25);

  const auto keypoints = cached_keypoints(detector, 15, torch::zeros({2, 3, 4, 4}, torch::kUInt8),
                                          folder.path() / "file" / "keypoints", kNoReport);

  EXPECT_EQ(keypoints.xy.size(0), 2);
}

}  // namespace
}  // namespace mint::training
