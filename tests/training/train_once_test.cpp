#include "training/train_once.h"

#include <filesystem>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "training/run_directory.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

TEST(TrainOnce, TrainsOnceAndKnowsHowLongItTook) {
  const tests::TemporaryFolder folder;
  int trainings = 0;
  const auto train = [&] { ++trainings; };

  const double first = train_once(folder.path(), folder.path() / "run", train);
  const double second = train_once(folder.path(), folder.path() / "run", train);

  EXPECT_EQ(trainings, 1);
  EXPECT_NEAR(second, first, 1e-6);
}

// A training of `steps` steps that is stopped.
void train_and_stop(const fs::path& run, const std::string& steps) {
  RunDirectory::open(run, "steps: " + steps + "\n", "", Start::kResume);
  tests::write_file(run / "metrics.jsonl", "of " + steps);
  throw std::runtime_error("stopped");
}

TEST(TrainOnce, GoesOnWithWhatWasBegun) {
  const tests::TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  EXPECT_THROW(train_once(folder.path(), run, [&] { train_and_stop(run, "1"); }),
               std::runtime_error);

  EXPECT_FALSE(fs::exists(folder.path() / "trained.txt"));
  train_once(folder.path(), run, [&] {
    RunDirectory::open(run, "steps: 1\n", "", Start::kResume);
    EXPECT_TRUE(fs::exists(run / "metrics.jsonl"));
  });
  EXPECT_TRUE(fs::exists(folder.path() / "trained.txt"));
}

TEST(TrainOnce, RemovesWhatWasBegunWithAnotherConfiguration) {
  const tests::TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  EXPECT_THROW(train_once(folder.path(), run, [&] { train_and_stop(run, "1"); }),
               std::runtime_error);

  train_once(folder.path(), run, [&] {
    RunDirectory::open(run, "steps: 2\n", "", Start::kResume);
    EXPECT_FALSE(fs::exists(run / "metrics.jsonl"));
  });
}

}  // namespace
}  // namespace mint::training
