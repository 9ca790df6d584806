#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/thread_pool.h"

namespace mint::envs {
namespace {

TEST(ThreadPool, DoesEveryItemOnceWithAnyNumberOfThreads) {
  for (const int threads : {1, 2, 7}) {
    ThreadPool pool(threads);
    for (const int count : {0, 1, 3, 100}) {
      std::vector<int> calls(count);

      for (int repetition = 0; repetition < 50; ++repetition) {
        pool.for_each(count, [&](int i) { ++calls[i]; });
      }

      EXPECT_EQ(std::count(calls.begin(), calls.end(), 50), count) << threads << " threads";
    }
  }
}

TEST(ThreadPool, ThrowsTheExceptionOfTheSmallestIndexWhenAllIsDone) {
  ThreadPool pool(3);
  std::atomic<int> done{0};
  std::string message;

  try {
    pool.for_each(20, [&](int i) {
      if (i % 5 == 4) throw std::runtime_error("item " + std::to_string(i));
      ++done;
    });
  } catch (const std::runtime_error& error) {
    message = error.what();
  }

  EXPECT_EQ(message, "item 4");
  EXPECT_EQ(done, 16);
}

TEST(ThreadPool, WorksOnAfterAnException) {
  ThreadPool pool(2);
  EXPECT_THROW(pool.for_each(4, [](int) { throw std::runtime_error("no"); }), std::runtime_error);
  std::atomic<int> done{0};

  pool.for_each(4, [&](int) { ++done; });

  EXPECT_EQ(done, 4);
}

TEST(ThreadPool, EndsWhetherOrNotItWasUsed) {
  for (int i = 0; i < 100; ++i) {
    ThreadPool unused(4);
    ThreadPool used(4);
    std::atomic<int> done{0};

    used.for_each(2, [&](int) { ++done; });

    EXPECT_EQ(done, 2);
  }
}

TEST(ThreadPool, RefusesLessThanOneThread) {
  EXPECT_THROW(ThreadPool(0), std::invalid_argument);
}

}  // namespace
}  // namespace mint::envs
