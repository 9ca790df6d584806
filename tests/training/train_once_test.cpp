#include "training/train_once.h"

#include <gtest/gtest.h>

#include "tests/support/error_of.h"
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

TEST(TrainOnce, RemovesWhatWasBegunWithAnotherConfigurationAndLeavesOtherFailuresAlone) {
  const tests::TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  RunDirectory::open(run, "steps: 1\n", "");
  tests::write_file(run / "metrics.jsonl", "of steps: 1");
  const auto train = [&] {
    RunDirectory::open(run, "steps: 2\n", "", Start::kResume);
    throw std::runtime_error("later");
  };

  EXPECT_EQ(tests::error_of<std::runtime_error>([&] { train_once(folder.path(), run, train); }),
            "later");

  EXPECT_FALSE(fs::exists(run / "metrics.jsonl"));
  EXPECT_FALSE(fs::exists(folder.path() / "trained.txt"));
  tests::write_file(run / "metrics.jsonl", "of steps: 2");
  EXPECT_THROW(train_once(folder.path(), run, train), std::runtime_error);
  EXPECT_TRUE(fs::exists(run / "metrics.jsonl"));
}

}  // namespace
}  // namespace mint::training
