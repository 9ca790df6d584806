#include "training/run_directory.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <stdexcept>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "training/atomic_file.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::TemporaryFolder;

std::string error_of_creating(const fs::path& folder) {
  return tests::error_of<std::runtime_error>([&] { RunDirectory::open(folder, "", ""); });
}

TEST(RunDirectory, IsCreatedWithItsParentsAndHoldsTheTexts) {
  TemporaryFolder folder;

  const auto run = RunDirectory::open(folder.path() / "runs/a", "seed: 0\n", "torch 1.13\n");

  EXPECT_EQ(read_file(run.path() / "config.yaml"), "seed: 0\n");
  EXPECT_EQ(read_file(run.path() / "environment.txt"), "torch 1.13\n");
  EXPECT_EQ(run.picture("a.png"), folder.path() / "runs/a/pictures/a.png");
  EXPECT_TRUE(fs::is_directory(run.path() / "pictures"));
}

TEST(RunDirectory, AcceptsAnEmptyFolder) {
  TemporaryFolder folder;

  EXPECT_EQ(error_of_creating(folder.path()), "no error");
}

TEST(RunDirectory, RefusesAFolderThatHoldsAnything) {
  TemporaryFolder folder;
  write_file_atomically(folder.path() / "thesis.tex", "x");

  EXPECT_EQ(error_of_creating(folder.path()),
            folder.path().string() +
                ": run directory: expected an empty or new folder, got one with thesis.tex; choose "
                "another, remove it, or go on with a run by --resume");
}

TEST(RunDirectory, RefusesAFileAndAPlaceThatCannotBeWritten) {
  TemporaryFolder folder;
  const fs::path file = folder.path() / "a";
  write_file_atomically(file, "x");

  EXPECT_EQ(error_of_creating(file),
            file.string() + ": run directory: expected a folder, got a file");
  EXPECT_EQ(error_of_creating("/proc/mint/run"),
            "/proc/mint/run: cannot be created: No such file or directory");
}

TEST(RunDirectory, LogsOneLinePerCallWithExactNumbers) {
  TemporaryFolder folder;
  const auto run = RunDirectory::open(folder.path(), "", "");
  const double infinity = std::numeric_limits<double>::infinity();

  run.log_metrics(10, {{"loss/total", 0.1}, {"lr", 1e-20}});
  run.log_metrics(20, {{"say \"NaN\"", infinity}, {"a", -infinity}, {"b", std::nan("")}});

  EXPECT_EQ(read_file(run.path() / "metrics.jsonl"),
            "{\"step\": 10, \"loss/total\": 0.1, \"lr\": 1e-20}\n"
            "{\"step\": 20, \"say \\\"NaN\\\"\": Infinity, \"a\": -Infinity, \"b\": NaN}\n");
  const auto lines = read_metrics(run.path() / "metrics.jsonl");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].step, 10);
  EXPECT_EQ(lines[0].values, (NamedValues{{"loss/total", 0.1}, {"lr", 1e-20}}));
  EXPECT_EQ(lines[1].values[0], (std::pair<std::string, double>{"say \"NaN\"", infinity}));
  EXPECT_EQ(lines[1].values[1].second, -infinity);
  EXPECT_TRUE(std::isnan(lines[1].values[2].second));
}

TEST(RunDirectory, ResumingCutsTheMetricsBackToTheCheckpointAndDropsACutOffLine) {
  TemporaryFolder folder;
  const fs::path file = folder.path() / "metrics.jsonl";
  int64_t bytes = 0;
  {
    const auto run = RunDirectory::open(folder.path(), "", "");
    for (int64_t step = 1; step <= 4; ++step) {
      run.log_metrics(step, {{"loss", 1.0}});
      if (step == 2) bytes = run.metrics_bytes();
    }
  }
  std::ofstream(file, std::ios::app) << "{\"step\": 5, \"lo";

  const auto resumed = RunDirectory::open(folder.path(), "", "", Start::kResume);
  EXPECT_EQ(read_metrics(file).size(), 4u);
  EXPECT_EQ(read_file(file).back(), '\n');
  resumed.cut_metrics(bytes);
  resumed.log_metrics(3, {{"loss", 2.0}});

  EXPECT_EQ(read_file(file),
            "{\"step\": 1, \"loss\": 1}\n{\"step\": 2, \"loss\": 1}\n{\"step\": 3, \"loss\": 2}\n");
  EXPECT_EQ(tests::error_of<std::runtime_error>([&] { resumed.cut_metrics(1000); }),
            file.string() +
                ": size: expected at least 1000 bytes, which the checkpoint knows of, got 69");
}

TEST(RunDirectory, ResumingBeginsOneThatIsNotThereAndClearsWhatAKillLeft) {
  TemporaryFolder folder;
  write_file_atomically(folder.path() / ".config.yaml.tmp-17-0", "se");

  const auto run = RunDirectory::open(folder.path(), "seed: 0\n", "", Start::kResume);

  EXPECT_EQ(read_file(run.path() / "config.yaml"), "seed: 0\n");
  EXPECT_FALSE(fs::exists(folder.path() / ".config.yaml.tmp-17-0"));
}

TEST(RunDirectory, ResumingKeepsTheConfiguration) {
  TemporaryFolder folder;
  const std::string config = "output: a\nsteps: 3\ncheckpoint_every: 10\nthreads: 1\n";
  { RunDirectory::open(folder.path(), config, ""); }
  const auto error_with = [&](const std::string& other) {
    return tests::error_of<std::runtime_error>(
        [&] { RunDirectory::open(folder.path(), other, "", Start::kResume); });
  };

  EXPECT_EQ(error_with("output: b\nsteps: 3\ncheckpoint_every: 1\nthreads: 2\n"), "no error");
  EXPECT_EQ(error_with("output: a\nsteps: 4\ncheckpoint_every: 10\n"),
            (folder.path() / "config.yaml").string() +
                ": a resumed run keeps its configuration: expected \"steps: 3\", got \"steps: 4\"");
}

TEST(RunDirectory, IsUsedByOneProcessAtATime) {
  TemporaryFolder folder;
  const auto run = RunDirectory::open(folder.path(), "", "");

  EXPECT_EQ(tests::error_of<std::runtime_error>(
                [&] { RunDirectory::open(folder.path(), "", "", Start::kResume); }),
            folder.path().string() + ": run directory: expected no other process in it, got one");
}

TEST(RunDirectory, ALineThatIsNotOursIsNamed) {
  TemporaryFolder folder;
  const fs::path file = folder.path() / "metrics.jsonl";
  write_file_atomically(file, "{\"step\": 1}\nhello\n");
  try {
    read_metrics(file);
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_EQ(
        e.what(),
        file.string() + ":2: line: expected {\"step\": N, \"name\": value, ...}, got \"hello\"");
  }
}

}  // namespace
}  // namespace mint::training
