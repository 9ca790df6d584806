// The stages of one small pipeline, computed once by the real program for all tests of a suite:
// demonstrations of MoveToRegion, five steps of a detector on one of them, thirty steps of a
// policy.
#pragma once

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {

class Pipeline : public testing::Test {
 protected:
  using Words = std::vector<std::string>;

  static void SetUpTestSuite() {
    if (!getenv("MINT_PROGRAM")) return;
    folder_ = std::make_unique<tests::TemporaryFolder>();
    record("demos.h5", 1);
    pretrain("detector", 1);
    clone("policy", 1);
  }
  static void TearDownTestSuite() { folder_.reset(); }
  void SetUp() override { MINT_NEEDS_PROGRAM(); }

  static std::string path(const std::string& name) { return (folder_->path() / name).string(); }

  static std::string model(const std::string& run) {
    return tests::read_file(path(run + "/last/model.safetensors"));
  }
  static std::string metrics(const std::string& run) {
    return tests::read_file(path(run + "/metrics.jsonl"));
  }

  static void succeed(const Words& words) {
    const auto result = tests::run_mint(words);
    EXPECT_EQ(result.exit_code, 0) << words[0] << ": " << result.err;
  }

  static void record(const std::string& file, int seed, int episodes = 3) {
    succeed({"record", "--task", "MoveToRegion", "-n", std::to_string(episodes), "-o", path(file),
             "--seed", std::to_string(seed)});
  }

  static Words pretrain_words(const std::string& run) {
    return {"pretrain",
            "data=" + path("demos.h5"),
            "output=" + path(run),
            "demos_per_task=1",
            "epochs=1",
            "batch=8",
            "mint_loss.frames=2",
            "recalibration_batches=1"};
  }
  static void pretrain(const std::string& run, int seed) {
    auto words = pretrain_words(run);
    words.push_back("seed=" + std::to_string(seed));
    succeed(words);
  }

  static Words clone_words(const std::string& run, const Words& more) {
    Words words = {"clone", "task=MoveToRegion", "data=" + path("demos.h5"),
                   "detector=" + path("detector"), "output=" + path(run)};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static void clone(const std::string& run, int seed) {
    succeed(clone_words(run, {"steps=30", "seed=" + std::to_string(seed)}));
  }

  static Words dynamics_words(const std::string& run, const Words& more) {
    Words words = {"fit-dynamics", "data=" + path("demos.h5"), "detector=" + path("detector"),
                   "output=" + path(run), "demos_per_task=2"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  // A copy of the policy's run under the same name, evaluated.
  static std::filesystem::path evaluate(const std::string& parent, int seed,
                                        const std::string& variants = "TestJitter") {
    const std::filesystem::path run = path(parent + "/policy");
    std::filesystem::create_directories(run.parent_path());
    std::filesystem::copy(
        path("policy"), run,
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
    succeed({"evaluate", run.string(), "--variants", variants, "--episodes", "2", "--videos", "1",
             "--seed", std::to_string(seed)});
    return run;
  }

  // One line on stderr that says `message`, nothing on stdout, this exit code, no new run "new".
  static void expect_error(const Words& words, int exit_code, const std::string& message) {
    const tests::ProgramResult result = tests::run_mint(words);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err.rfind("mint: ", 0), 0u) << result.err;
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
    EXPECT_NE(result.err.find(message), std::string::npos) << message << "\n" << result.err;
    EXPECT_FALSE(std::filesystem::exists(path("new")));
  }

  // Interrupts a run after its first metrics and returns its exit code.
  static int interrupt(const Words& words, const std::string& run, int signal = SIGINT) {
    const int process = tests::start_mint(words);
    for (int i = 0; i < 3000 && !std::filesystem::exists(path(run + "/metrics.jsonl")); ++i)
      usleep(10000);
    ::kill(process, signal);
    return tests::wait_for(process);
  }

 private:
  inline static std::unique_ptr<tests::TemporaryFolder> folder_;
};

}  // namespace mint::training
