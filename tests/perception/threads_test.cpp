#include "perception/threads.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace mint::perception {
namespace {

class Threads : public testing::TestWithParam<int64_t> {
 protected:
  Threads() { set_threads(GetParam()); }
  ~Threads() override { set_threads(1); }
};

TEST_P(Threads, EveryTaskRunsOnce) {
  std::vector<int> runs(1000, 0);  // each element is one task's own
  std::atomic<bool> is_known_worker{true};
  parallel_for(1000, [&](int64_t task, int64_t worker) {
    ++runs[static_cast<size_t>(task)];
    if (worker < 0 || worker >= GetParam()) is_known_worker = false;
  });

  EXPECT_EQ(runs, std::vector<int>(1000, 1));
  EXPECT_TRUE(is_known_worker);
}

TEST_P(Threads, ACallInsideATaskIsDoneByItsThread) {
  std::atomic<int> runs{0};
  parallel_for(8, [&](int64_t, int64_t) {
    parallel_for(8, [&](int64_t, int64_t worker) { runs += worker == 0 ? 1 : 100; });
  });

  EXPECT_EQ(runs, 64);
}

TEST_P(Threads, AnExceptionReachesTheCaller) {
  const auto fail = [](int64_t task, int64_t) {
    if (task == 5) throw std::runtime_error("task 5");
  };

  EXPECT_THROW(parallel_for(100, fail), std::runtime_error);
  EXPECT_NO_THROW(parallel_for(3, fail));  // and the workers live on
}

INSTANTIATE_TEST_SUITE_P(Counts, Threads, testing::Values(1, 2, 5),
                         testing::PrintToStringParamName());

TEST(ThreadsCount, RejectsNone) {
  EXPECT_THROW(set_threads(0), std::invalid_argument);
}

}  // namespace
}  // namespace mint::perception
