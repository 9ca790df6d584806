#include "training/job_progress.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace mint::training {
namespace {

TEST(RunJobs, RunsAllOfThem) {
  std::atomic<int> sum{0};
  std::vector<Job> jobs;
  for (int i = 1; i <= 3; ++i) {
    jobs.push_back({"work", 2, [&sum, i](const OnProgress& progress) {
                      progress({"prepare", "files", 1, 1, ""});
                      progress({"work", "steps", 2, 2, ""});
                      sum += i;
                    }});
  }

  run_jobs("test", "steps", jobs);

  EXPECT_EQ(sum, 6);
}

TEST(RunJobs, FinishesTheOthersAndRethrowsTheFirstError) {
  std::atomic<bool> is_done{false};
  const std::vector<Job> jobs = {
      {"work", 1, [](const OnProgress&) { throw std::runtime_error("first"); }},
      {"work", 1, [](const OnProgress&) { throw std::runtime_error("second"); }},
      {"work", 1, [&](const OnProgress&) { is_done = true; }}};

  try {
    run_jobs("test", "steps", jobs);
    FAIL() << "expected an exception";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "first");
  }
  EXPECT_TRUE(is_done);
}

}  // namespace
}  // namespace mint::training
