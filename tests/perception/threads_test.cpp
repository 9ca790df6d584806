#include "perception/threads.h"

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "perception/batch_threads.h"

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

// As many threads as there are, although more are asked for: it starts none of its own.
TEST_P(Threads, ShareABatchAmongThemselves) {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::vector<int> runs(20, 0);
  for (int round = 0; round < 10; ++round) {
    share_batch(20, 20, [&](int64_t first, int64_t last) {
      const std::lock_guard<std::mutex> lock(mutex);
      seen.insert(std::this_thread::get_id());
      for (int64_t i = first; i < last; ++i) ++runs[static_cast<size_t>(i)];
    });
  }

  EXPECT_LE(seen.size(), static_cast<size_t>(GetParam()));
  EXPECT_EQ(runs, std::vector<int>(20, 10));
}

TEST_P(Threads, ShareABatchInAtMostAsManyPartsAsAsked) {
  std::atomic<int> parts{0}, items{0};
  share_batch(7, 3, [&](int64_t first, int64_t last) {
    ++parts;
    items += static_cast<int>(last - first);
  });

  EXPECT_EQ(parts, 3);
  EXPECT_EQ(items, 7);
}

INSTANTIATE_TEST_SUITE_P(Counts, Threads, testing::Values(1, 2, 5),
                         testing::PrintToStringParamName());

TEST(ThreadsCount, RejectsNone) {
  EXPECT_THROW(set_threads(0), std::invalid_argument);
}

}  // namespace
}  // namespace mint::perception
