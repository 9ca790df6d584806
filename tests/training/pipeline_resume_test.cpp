// What a resumed run notices and what a training refuses to save, as a user sees it. That a killed
// run ends the same is in resume_kill_test.cpp.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/magical_demonstration.h"
#include "tests/training/pipeline.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::ProgramResult;
using tests::read_file;
using tests::run_mint;
using tests::write_file;
using Words = std::vector<std::string>;

void flip_last_bit(const fs::path& file) {
  std::string bytes = read_file(file);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  write_file(file, bytes);
}

void expect_refused(const ProgramResult& result, const std::string& run) {
  EXPECT_EQ(result.exit_code, 1) << result.err;
  const std::string expected =
      "mint: " + run + ": data: expected those of the run's beginning, with checksum ";
  EXPECT_NE(result.err.find(expected), std::string::npos) << result.err;
  EXPECT_NE(result.err.find(", got others, with "), std::string::npos) << result.err;
}

// As many demonstrations as before, recorded with another seed.
TEST_F(Pipeline, ResumingNamesDataThatAreNoLongerTheSame) {
  const auto file = "data=" + path("own.h5");
  auto pretrain = pretrain_words("of_own_data");
  pretrain.insert(pretrain.end(), {file, "--resume"});
  const std::vector<std::pair<std::string, Words>> commands = {
      {"of_own_data", pretrain},
      {"clone_of_own_data", clone_words("clone_of_own_data", {file, "steps=2", "--resume"})},
      {"dynamics_of_own_data",
       dynamics_words("dynamics_of_own_data", {file, "steps=2", "--resume"})}};
  record("own.h5", 1);
  for (const auto& [run, words] : commands) succeed(words);
  fs::remove(path("own.h5"));
  record("own.h5", 2);

  for (const auto& [run, words] : commands) {
    const std::string logged = metrics(run);
    expect_refused(run_mint(words), path(run));
    EXPECT_EQ(metrics(run), logged);  // a refusal changes nothing
  }
}

TEST_F(Pipeline, ResumingNamesHeldOutDataThatAreNoLongerTheSame) {
  record("learnt.h5", 1, 1);
  record("held_out.h5", 2, 1);
  const Words data = {"data=" + path("learnt.h5") + "," + path("held_out.h5"), "demos_per_task=1",
                      "held_out_per_task=1", "steps=2", "--resume"};
  auto pretrain = pretrain_words("looks_at_held_out");
  pretrain.insert(pretrain.end(), data.begin(), data.end());
  const auto dynamics = dynamics_words("measures_held_out", data);
  for (const Words& words : {pretrain, dynamics}) succeed(words);
  fs::remove(path("held_out.h5"));
  record("held_out.h5", 3, 1);

  const std::string measured = metrics("measures_held_out");
  expect_refused(run_mint(pretrain), path("looks_at_held_out"));
  expect_refused(run_mint(dynamics), path("measures_held_out"));
  EXPECT_EQ(metrics("measures_held_out"), measured);
}

// A predictor's keypoints are those of the detector with which its run began.
TEST_F(Pipeline, ResumingKeepsTheDetectorOfTheRunsBeginning) {
  pretrain("exchanged", 1);
  const auto words = [](const std::string& run, const std::string& steps) {
    return dynamics_words(run, {"detector=" + path("exchanged"), steps, "checkpoint_every=5"});
  };
  succeed(words("kept_detector", "steps=10"));
  const std::string whole = model("kept_detector"), logged = metrics("kept_detector");
  fs::remove_all(path("kept_detector/checkpoints/10"));
  fs::remove_all(path("exchanged"));
  pretrain("exchanged", 2);

  auto resumed = words("kept_detector", "steps=10");
  resumed.push_back("--resume");
  succeed(resumed);

  EXPECT_EQ(model("kept_detector"), whole);
  EXPECT_EQ(metrics("kept_detector"), logged);
}

// The first rollouts are there, but no checkpoint that goes with them.
TEST_F(Pipeline, DaggerStoppedBeforeItsFirstCheckpointForgetsItsRounds) {
  const auto words = [](const std::string& run) {
    return clone_words(run, {"data=" + path("dagger.h5"), "algorithm=dagger", "steps=20",
                             "dagger.rounds=1", "dagger.episodes=1", "--resume"});
  };
  record("dagger.h5", 1);
  succeed(words("without_checkpoint"));
  for (const char* part : {"checkpoints", "last"}) {
    fs::remove_all(path(std::string("without_checkpoint/") + part));
  }
  ASSERT_TRUE(fs::exists(path("without_checkpoint/rounds/round_1.safetensors")));
  fs::remove(path("dagger.h5"));
  record("dagger.h5", 2);

  succeed(words("without_checkpoint"));
  succeed(words("of_new_data"));

  EXPECT_EQ(model("without_checkpoint"), model("of_new_data"));
  EXPECT_EQ(metrics("without_checkpoint"), metrics("of_new_data"));
}

TEST_F(Pipeline, AFinishedDaggerGoesOnFromTheCheckpointBeforeADamagedOne) {
  const auto words =
      clone_words("damaged_dagger", {"algorithm=dagger", "steps=20", "dagger.rounds=1",
                                     "dagger.episodes=1", "checkpoint_every=15", "--resume"});
  succeed(words);
  const std::string whole = model("damaged_dagger"), logged = metrics("damaged_dagger");
  flip_last_bit(path("damaged_dagger/last/model.safetensors"));

  succeed(words);

  EXPECT_EQ(model("damaged_dagger"), whole);
  EXPECT_EQ(metrics("damaged_dagger"), logged);
}

// A rate at which the weights leave the numbers that there are.
TEST_F(Pipeline, ALossThatIsNotFiniteStopsTheRunAndNamesStepTermAndCheckpoint) {
  const Words diverging = {"learning_rate=1e30", "checkpoint_every=1"};
  auto words = pretrain_words("diverging_detector");
  words.insert(words.end(), diverging.begin(), diverging.end());
  words.push_back("recalibration_batches=0");
  const auto expect_named = [&](const ProgramResult& result, const std::string& command,
                                const std::string& run) {
    EXPECT_EQ(result.exit_code, 1) << result.err;
    const size_t line = result.err.rfind("mint: " + command + ": step ");
    ASSERT_NE(line, std::string::npos) << result.err;
    for (const std::string& part :
         {std::string(": expected a finite number, got "),
          "; the last good checkpoint is " + path(run + "/checkpoints/")}) {
      EXPECT_NE(result.err.find(part, line), std::string::npos) << part << "\n" << result.err;
    }
    EXPECT_EQ(run_mint({"inspect", path(run)}).exit_code, 0);
  };
  expect_named(run_mint(words), "pretrain", "diverging_detector");
  expect_named(run_mint(clone_words("diverging_policy", diverging)), "clone", "diverging_policy");
  expect_named(run_mint(dynamics_words("diverging_dynamics", diverging)), "fit-dynamics",
               "diverging_dynamics");
}

// The loss of the first step is finite, but what the normalisations then see is not.
TEST_F(Pipeline, AModelWithNumbersThatAreNotFiniteIsNotSaved) {
  auto words = pretrain_words("not_saved");
  words.insert(words.end(), {"learning_rate=1e30", "checkpoint_every=1"});

  const auto result = run_mint(words);

  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("mint: " + path("not_saved") + ": step 1: "), std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find(": expected finite numbers, got others; there is no checkpoint yet\n"),
            std::string::npos)
      << result.err;
  EXPECT_TRUE(fs::is_empty(path("not_saved/checkpoints")));
}

TEST_F(Pipeline, QuickstartGoesOnAfterItWasStoppedWhileItRecorded) {
  const Words words = {"quickstart", "--output",           path("begun"),
                       "--resume",   "tasks=MoveToRegion", "demonstrations=2",
                       "epochs=1",   "steps=20",           "episodes=1"};
  ASSERT_EQ(run_mint(words).exit_code, 0);
  fs::rename(path("begun/demonstrations-MoveToRegion.h5"),
             path("begun/demonstrations-MoveToRegion.h5.partial"));

  const auto again = run_mint(words);

  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_TRUE(fs::exists(path("begun/demonstrations-MoveToRegion.h5")));
}

TEST_F(Pipeline, QuickstartGoesOnWithItsOwnDemonstrationsAlone) {
  fs::create_directory(path("imported"));
  tests::write_magical_demonstration(path("imported/demo.pkl.gz"), {});
  Words words = {"quickstart", "--output", path("of_recorded"), "--resume", "tasks=MoveToRegion"};
  ASSERT_EQ(interrupt(words, "of_recorded/detector"), 130);
  words.insert(words.end(), {"--demos", path("imported")});

  const auto imported = run_mint(words);

  EXPECT_EQ(imported.exit_code, 1);
  EXPECT_NE(imported.err.find("expected \"# demonstrations: recorded\", got \"# demonstrations: " +
                              path("imported") + "\""),
            std::string::npos)
      << imported.err;
}

TEST_F(Pipeline, ResumingWhatIsNoRunIsRefused) {
  fs::create_directory(path("foreign"));
  write_file(path("foreign/photo.jpg"), "");

  expect_error(clone_words("foreign", {"--resume"}), 1,
               "got one with photo.jpg, which is no run of ours");
}

}  // namespace
}  // namespace mint::training
