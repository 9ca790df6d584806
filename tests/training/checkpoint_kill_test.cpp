// A process that is killed in every single write (in its middle), sync, rename, link and new folder
// of saving a checkpoint: the run has the checkpoint from before or the new one, whole.
#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include <torch/nn.h>

#include "tests/support/temporary_folder.h"
#include "training/checkpoint.h"
#include "training/run_directory.h"
#include "training/training_run.h"

namespace {

int calls_to_live = -1;  // -1: for ever

// Counts a call; true in the last one.
bool dies_now() {
  return calls_to_live >= 0 && calls_to_live-- == 0;
}

template <class Function>
Function* next_of(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// The program's calls come here; the C library's own do not.
extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static auto* const next = next_of<decltype(write)>("write");
  if (!dies_now()) return next(descriptor, bytes, size);
  [[maybe_unused]] const ssize_t half = next(descriptor, bytes, size / 2);
  raise(SIGKILL);
  return -1;
}

int fsync(int descriptor) {
  static auto* const next = next_of<decltype(fsync)>("fsync");
  if (dies_now()) raise(SIGKILL);
  return next(descriptor);
}

int rename(const char* from, const char* to) noexcept {
  static auto* const next = next_of<decltype(rename)>("rename");
  if (dies_now()) raise(SIGKILL);
  return next(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  static auto* const next = next_of<decltype(renameat2)>("renameat2");
  if (dies_now()) raise(SIGKILL);
  return next(from_folder, from, to_folder, to, flags);
}

int symlink(const char* target, const char* link) noexcept {
  static auto* const next = next_of<decltype(symlink)>("symlink");
  if (dies_now()) raise(SIGKILL);
  return next(target, link);
}

int mkdir(const char* folder, mode_t mode) noexcept {
  static auto* const next = next_of<decltype(mkdir)>("mkdir");
  if (dies_now()) raise(SIGKILL);
  return next(folder, mode);
}

}  // extern "C"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

void save(const fs::path& run, torch::nn::Module& model, int64_t step) {
  save_run_checkpoint(run, {{"", &model}}, "seed: 0\n", {step, 0, 0, {}}, /*keep=*/2);
}

// Saves step `step` in a process that is killed in its call number `call`. False when it was done
// before.
bool is_killed(const fs::path& run, torch::nn::Module& model, int64_t step, int call) {
  const pid_t child = fork();
  if (child == 0) {
    calls_to_live = call;
    save(run, model, step);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

// Steps 15 and 10: a new checkpoint, and the last one replaced by one of the same step.
TEST(KilledSave, LeavesTheCheckpointFromBeforeOrTheNewOne) {
  torch::nn::Linear model(3, 4);
  for (const int64_t step : {15, 10}) {
    int call = 0;
    for (bool goes_on = true; goes_on; ++call) {
      const tests::TemporaryFolder folder;
      const fs::path run = folder.path() / "run";
      RunDirectory::open(run, "seed: 0\n", "");
      for (const int64_t earlier : {5, 10}) save(run, *model, earlier);
      goes_on = is_killed(run, *model, step, call);

      const auto newest = newest_checkpoint(run);
      ASSERT_TRUE(newest) << call;
      const int64_t found = load_training_state(*newest).step;
      EXPECT_TRUE(found == 10 || found == step) << call << ": " << found;
      load_model(*newest, {{"", model.get()}});

      TrainingRun resumed(run, "seed: 0\n", "", Start::kResume);
      resumed.restore({{"", model.get()}}, [](const TrainingState&) {});
      resumed.learn_from({});
      EXPECT_EQ(fs::read_symlink(run / "last"), "checkpoints/" + std::to_string(found));
      save(run, *model, 20);
      EXPECT_EQ(fs::read_symlink(run / "last"), "checkpoints/20");
      for (const auto& entry : fs::recursive_directory_iterator(run)) {
        EXPECT_NE(entry.path().filename().string().front(), '.') << entry.path();
      }
    }
    EXPECT_GT(call, 20);
    std::printf("step %lld: killed in each of %d calls\n", static_cast<long long>(step), call - 1);
  }
}

}  // namespace
}  // namespace mint::training
