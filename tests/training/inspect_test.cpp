#include "training/inspect.h"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "training/atomic_file.h"
#include "training/checkpoint_manifest.h"
#include "training/demonstrations.h"
#include "training/run_directory.h"
#include "training/safetensors.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::TemporaryFolder;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Episode make_episode(const std::string& env_name, const std::vector<int>& actions) {
  Episode episode;
  episode.env_name = env_name;
  episode.score = 1;
  episode.source = "expert";
  episode.seed = 7;
  episode.actions = actions;
  episode.height = 2;
  episode.width = 3;
  episode.frames.assign((actions.size() + 1) * 18, 50);
  return episode;
}

fs::path write_demonstrations(const fs::path& folder, bool is_closed) {
  const fs::path file = folder / "demos.h5";
  DemonstrationWriter writer(file.string());
  writer.add(make_episode("MoveToCorner-Demo-v0", {1, 1, 1, 17}));
  writer.add(make_episode("MakeLine-Demo-v0", {0, 0}));
  if (is_closed) writer.close();
  return file;
}

void write_checkpoint(const fs::path& folder) {
  fs::create_directories(folder);
  const std::string weights =
      write_safetensors({{"conv.weight", "F32", {2, 3}, std::string(24, 0)},
                         {"bn.running_mean", "F32", {2}, std::string(8, 0)},
                         {"bn.num_batches_tracked", "I64", {}, std::string(8, 0)}},
                        {{"format", "pt"}});
  const std::map<std::string, std::string> files = {{"model.safetensors", weights},
                                                    {"config.yaml", "seed: 3\n"},
                                                    {"training_state.json", "{\"step\": 40}"}};
  for (const auto& [name, bytes] : files) write_file_atomically(folder / name, bytes);
  write_file_atomically(folder / "manifest.json", manifest_text(files));
}

std::string error_of(const fs::path& path) {
  return tests::error_of<std::runtime_error>([&] { inspect_path(path); });
}

TEST(Inspect, DemonstrationsShowALinePerEpisodeTotalsAndActions) {
  TemporaryFolder folder;
  const fs::path file = write_demonstrations(folder.path(), true);

  const Inspection inspection = inspect_path(file);

  EXPECT_TRUE(inspection.damage.empty());
  EXPECT_TRUE(contains(inspection.text, "demos.h5: 2 demonstrations, 6 samples\n"));
  EXPECT_TRUE(
      contains(inspection.text,
               "  demo_0   MoveToCorner-Demo-v0       4     3x2   1.00  no      expert     7\n"))
      << inspection.text;
  EXPECT_TRUE(contains(inspection.text,
                       "  MoveToCorner-Demo-v0         1        4      4-4        1.00\n"));
  EXPECT_TRUE(
      contains(inspection.text,
               "       1  up - open               3  50.0  ##############################\n"));
  EXPECT_TRUE(contains(inspection.text, "      17  down right closed       1  16.7  ##########\n"))
      << inspection.text;
  EXPECT_TRUE(contains(inspection.text, "All episodes are whole.\n"));
}

TEST(Inspect, SaysThatARecordingWasInterrupted) {
  TemporaryFolder folder;

  const Inspection inspection = inspect_path(write_demonstrations(folder.path(), false));

  EXPECT_TRUE(contains(inspection.text, "The recording was interrupted"));
  EXPECT_TRUE(inspection.damage.empty());
}

TEST(Inspect, ADamagedEpisodeIsNamedAndTheOthersAreListed) {
  TemporaryFolder folder;
  const fs::path file = write_demonstrations(folder.path(), true);
  std::string bytes = read_file(file);
  size_t damaged = 0;
  for (size_t at = bytes.size() / 2; at < bytes.size() && damaged == 0; at += 7) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    std::ofstream(file, std::ios::binary) << flipped;
    try {
      const Inspection inspection = inspect_path(file);
      if (inspection.damage.size() != 1) continue;
      damaged = at;
      EXPECT_TRUE(contains(inspection.damage[0], file.string() + ": data/demo_"));
      EXPECT_TRUE(contains(inspection.text, "1 damaged.\n"));
      EXPECT_TRUE(contains(inspection.text, ": 1 demonstrations"));
    } catch (const std::runtime_error&) {  // damage that leaves nothing readable
    }
  }
  EXPECT_GT(damaged, 0u);
}

TEST(Inspect, ACheckpointShowsStepParametersAndConfiguration) {
  TemporaryFolder folder;
  write_checkpoint(folder.path() / "40");

  const Inspection inspection = inspect_path(folder.path() / "40");

  EXPECT_TRUE(inspection.damage.empty());
  EXPECT_TRUE(contains(inspection.text, "checkpoint at step 40\n"));
  EXPECT_TRUE(contains(inspection.text, "  conv.weight             F32   2x3            6\n"))
      << inspection.text;
  EXPECT_TRUE(
      contains(inspection.text, "parameters: 6 (and 3 values of statistics and counters)\n"));
  EXPECT_TRUE(contains(inspection.text, "config.yaml:\n  seed: 3\n"));
}

TEST(Inspect, ADamagedCheckpointIsNamed) {
  TemporaryFolder folder;
  write_checkpoint(folder.path());
  write_file_atomically(folder.path() / "config.yaml", "seed: 4\n");

  const Inspection inspection = inspect_path(folder.path());

  ASSERT_EQ(inspection.damage.size(), 1u);
  EXPECT_TRUE(contains(inspection.damage[0], "config.yaml: checksum: expected "));
}

TEST(Inspect, ARunShowsItsMetricsAndItsLastCheckpoint) {
  TemporaryFolder folder;
  const auto run = RunDirectory::open(folder.path() / "run", "seed: 3\n", "");
  run.log_metrics(10, {{"loss/total", 0.5}});
  write_checkpoint(run.checkpoints() / "40");
  link_atomically(run.last(), "checkpoints/40");

  const Inspection inspection = inspect_path(run.path());

  EXPECT_TRUE(contains(inspection.text, "checkpoints: 40\n"));
  EXPECT_TRUE(contains(inspection.text, "metrics: 1 lines, the last at step 10:\n  loss/total"));
  EXPECT_TRUE(contains(inspection.text, "checkpoint at step 40\n"));
}

TEST(Inspect, WhatIsNotOursIsOneLine) {
  TemporaryFolder folder;
  std::ofstream(folder.path() / "a.mp4") << "x";
  std::ofstream(folder.path() / "a.pkl.gz") << "x";
  std::ofstream(folder.path() / "a.txt") << "x";

  EXPECT_TRUE(contains(error_of(folder.path() / "a.mp4"), "got a video"));
  EXPECT_TRUE(contains(error_of(folder.path() / "a.pkl.gz"), "mint import-magical"));
  EXPECT_TRUE(contains(error_of(folder.path() / "a.txt"), "expected demonstrations in HDF5"));
  EXPECT_TRUE(contains(error_of(folder.path()), "neither config.yaml nor manifest.json"));
  EXPECT_EQ(error_of("/nowhere"), "/nowhere: inspect: no such file or folder");
}

}  // namespace
}  // namespace mint::training
