// Disks that are full or read-only, and files that may not grow: one clear line, the last good
// state stays, and the run goes on once there is room.
#include <sys/resource.h>

#include "tests/support/small_disk.h"
#include "tests/training/pipeline.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::read_file;
using tests::run_mint;
using tests::SmallDisk;

class FullDisk : public Pipeline {
 protected:
  static int64_t size_of(const fs::path& folder) {
    int64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
    }
    return bytes;
  }

  static void expect_one_line(const tests::ProgramResult& result, const std::string& reason) {
    EXPECT_EQ(result.exit_code, 1) << result.err;
    const size_t line = result.err.rfind("mint: ");  // after what the progress said
    ASSERT_NE(line, std::string::npos) << result.err;
    EXPECT_EQ(result.err.find('\n', line), result.err.size() - 1) << result.err;
    EXPECT_NE(result.err.find(": " + reason, line), std::string::npos) << result.err;
    EXPECT_EQ(result.err.find(".tmp-"), std::string::npos) << result.err;
  }

  // The run of a command on a disk with room for two checkpoints and a half: the third fails.
  static void expect_to_go_on(const std::function<Words(const std::string&)>& words) {
    succeed(words(path("roomy")));
    SmallDisk disk(size_of(path("roomy/checkpoints")) * 5 / 4 + 100000);
    MINT_NEEDS(disk);
    const std::string run = disk.path() / "run";
    const auto full = run_mint(words(run));
    expect_one_line(full, "cannot be written: No space left on device");
    EXPECT_EQ(run_mint({"inspect", run}).exit_code, 0);
    EXPECT_TRUE(fs::exists(run + "/last/manifest.json"));

    disk.resize(64 << 20);
    auto resume = words(run);
    resume.push_back("--resume");
    succeed(resume);
    for (const char* file :
         {"/last/model.safetensors", "/last/training_state.safetensors", "/metrics.jsonl"}) {
      EXPECT_EQ(read_file(run + file), read_file(path("roomy") + file)) << file;
    }
    fs::remove_all(path("roomy"));
  }
};

TEST_F(FullDisk, LeavesPretrainItsLastCheckpoint) {
  expect_to_go_on([](const std::string& run) {
    auto words = pretrain_words("");
    words.insert(words.end(), {"output=" + run, "batch=2", "checkpoint_every=4"});
    return words;
  });
}

TEST_F(FullDisk, LeavesCloneItsLastCheckpoint) {
  expect_to_go_on([](const std::string& run) {
    return clone_words("", {"output=" + run, "steps=40", "checkpoint_every=8"});
  });
}

TEST_F(FullDisk, LeavesFitDynamicsItsLastCheckpoint) {
  expect_to_go_on([](const std::string& run) {
    return dynamics_words("", {"output=" + run, "steps=40", "checkpoint_every=8", "batch=4"});
  });
}

TEST_F(FullDisk, FilesThatMayNotGrowAreAnErrorAndNotADeath) {
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit little = before;
  little.rlim_cur = 100000;  // room for everything but the weights
  const auto words = clone_words("limited", {"steps=4"});
  setrlimit(RLIMIT_FSIZE, &little);
  const auto limited = run_mint(words);
  setrlimit(RLIMIT_FSIZE, &before);

  expect_one_line(limited, "cannot be written: File too large");
  EXPECT_FALSE(fs::exists(path("limited/last")));
  auto resume = words;
  resume.push_back("--resume");
  succeed(resume);
}

TEST_F(FullDisk, AReadOnlyOneIsNamedAndKeepsWhatIsThere) {
  SmallDisk disk(64 << 20);
  MINT_NEEDS(disk);
  const std::string run = disk.path() / "run";
  succeed(clone_words("", {"output=" + run, "steps=4"}));
  const std::string before = read_file(run + "/last/model.safetensors");
  disk.make_read_only();

  const std::string reason = "cannot be written: Read-only file system";
  const std::string created = "cannot be created: Read-only file system";
  expect_one_line(run_mint(clone_words("", {"output=" + run, "steps=4", "--resume"})), reason);
  expect_one_line(run_mint({"evaluate", run, "--episodes", "1"}), reason);
  expect_one_line(run_mint(clone_words("", {"output=" + run + "2", "steps=4"})), created);
  expect_one_line(run_mint({"record", "--task", "MoveToRegion", "-n", "1", "-o", run + ".h5"}),
                  created);
  EXPECT_EQ(read_file(run + "/last/model.safetensors"), before);
  EXPECT_EQ(run_mint({"inspect", run}).exit_code, 0);
}

}  // namespace
}  // namespace mint::training
