// record -> pretrain -> clone -> evaluate, over and over in one process: memory stays flat and no
// file stays open. MINT_SOAK_S says for how many seconds; 60 without it. Prints a line a minute.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"
#include "training/clone.h"
#include "training/commands/commands.h"
#include "training/evaluation.h"
#include "training/pretrain.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

// Resident memory of this process, MiB.
double resident_MiB() {
  std::ifstream status("/proc/self/statm");
  long all = 0, resident = 0;
  status >> all >> resident;
  return static_cast<double>(resident) * 4096 / (1 << 20);
}

int open_files() {
  const fs::directory_iterator all("/proc/self/fd");
  return static_cast<int>(std::distance(begin(all), end(all)));
}

void run_everything(const fs::path& folder, uint64_t seed) {
  const auto path = [&](const char* name) { return (folder / name).string(); };
  const auto silent = [](const JobProgress&) {};
  RecordOptions recording;
  recording.task = "MoveToRegion";
  recording.episodes = 3;
  recording.seed = seed;
  recording.output = path("demos.h5");
  testing::internal::CaptureStdout();
  ASSERT_EQ(record(recording), 0);
  testing::internal::GetCapturedStdout();

  PretrainConfig pretrain;
  pretrain.data = {{path("demos.h5")}, {}, 2, 1};
  pretrain.output = path("detector");
  pretrain.steps = 20;
  pretrain.batch = 8;
  pretrain.recalibration_batches = 2;
  pretrain.seed = seed;
  pretrain_detector(pretrain, silent);

  CloneConfig clone;
  clone.data = {{path("demos.h5")}, {}, 2, 1};
  clone.task = "MoveToRegion";
  clone.detector = path("detector");
  clone.output = path("policy");
  clone.steps = 60;
  clone.checkpoint_every = 20;
  clone.seed = seed;
  clone_policy(clone, silent);

  EvaluationConfig evaluation;
  evaluation.run = path("policy");
  evaluation.variants = {"Demo", "TestJitter"};
  evaluation.episodes = 3;
  evaluation.seed = seed;
  evaluate_run(evaluation, silent);
}

TEST(Soak, MemoryStaysFlatAndNoFileStaysOpen) {
  const char* text = std::getenv("MINT_SOAK_S");
  const double wanted_s = text ? std::atof(text) : 60;
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  std::vector<double> memory;  // after each round
  int files = 0;
  std::printf("   time s   round   RSS MiB   files\n");
  for (double next_line_s = 0; seconds() < wanted_s || memory.size() < 8;) {
    const tests::TemporaryFolder folder;
    run_everything(folder.path(), memory.size());
    memory.push_back(resident_MiB());
    if (memory.size() == 2) files = open_files();  // libraries have opened theirs
    if (memory.size() > 2) {
      EXPECT_EQ(open_files(), files);
    }
    if (seconds() < next_line_s) continue;
    next_line_s = seconds() + 60;
    std::printf("%9.0f %7zu %9.1f %7d\n", seconds(), memory.size(), memory.back(), open_files());
    std::fflush(stdout);
  }
  const size_t quarter = memory.size() / 4;
  const double early = *std::max_element(memory.begin() + quarter, memory.begin() + 2 * quarter);
  const double late = *std::max_element(memory.end() - quarter, memory.end());
  std::printf("%zu rounds; largest RSS of the second quarter %.1f MiB, of the last %.1f MiB\n",
              memory.size(), early, late);
  EXPECT_LT(late, 1.03 * early + 4);
}

}  // namespace
}  // namespace mint::training
