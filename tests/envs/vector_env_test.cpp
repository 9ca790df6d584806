#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <malloc.h>

#include "envs/random.h"
#include "envs/vector_env.h"

namespace {
std::atomic<long> allocations{0};  // calls of operator new in this program
}

// Every other form of new and delete ends in these. Not inlined: GCC would take the pairs apart and
// warn of a mismatch.
__attribute__((noinline)) void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept {
  std::free(memory);
}
__attribute__((noinline)) void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}

namespace mint::envs {
namespace {

using Names = std::vector<std::string>;
using Seeds = std::vector<uint64_t>;

// Arrays for every part of a batch.
struct Rows {
  explicit Rows(const VectorEnv& envs)
      : images(envs.size() * envs.image_bytes()),
        states(envs.size() * kMaxStateSize),
        scores(envs.size()),
        truncated(envs.size()) {}

  EnvBatch batch() { return {images.data(), states.data(), scores.data(), truncated.data()}; }

  template <typename T>
  static std::vector<T> row(const std::vector<T>& rows, size_t count, size_t i) {
    const size_t width = rows.size() / count;
    return {rows.begin() + i * width, rows.begin() + (i + 1) * width};
  }
  std::vector<uint8_t> image(size_t i) const { return row(images, scores.size(), i); }
  std::vector<double> state(size_t i) const { return row(states, scores.size(), i); }

  bool operator==(const Rows& other) const {
    return images == other.images && states == other.states && scores == other.scores &&
           truncated == other.truncated;
  }

  std::vector<uint8_t> images;
  std::vector<double> states;
  std::vector<double> scores;
  std::vector<uint8_t> truncated;
};

// Three tasks, the lengths of whose episodes differ (40, 60 and 100 steps).
const Names kMixed = {"MoveToRegion-TestAll-LoRes3EA-v0", "FixColour-TestAll-LoRes3EA-v0",
                      "FindDupe-TestCountPlus-LoRes3EA-v0", "MoveToRegion-Demo-LoRes3EA-v0"};

// The action of the environment that started from `seed`, so that it does not depend on its row.
std::vector<int> actions_at(int step, const Seeds& seeds) {
  std::vector<int> actions;
  for (const uint64_t seed : seeds) {
    actions.push_back(Random(derive_seed(seed, "action", step / 5)).below(kActions));
  }
  return actions;
}

// What `names` write in 50 steps: past the end of MoveToRegion's episode.
std::vector<Rows> run(const Names& names, const Seeds& seeds, int threads) {
  VectorEnv envs(names, threads);
  std::vector<Rows> all(1, Rows(envs));
  envs.reset(seeds, all.back().batch());
  for (int step = 0; step < 50; ++step) {
    Rows& rows = all.emplace_back(envs);  // a batch of its own every step
    envs.step(actions_at(step, seeds), rows.batch());
  }
  return all;
}

std::vector<double> padded_row(const State& state) {
  std::vector<double> row;
  append_state(state, row);
  row.resize(kMaxStateSize, 0);
  return row;
}

template <typename Error, typename Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no exception of that type";
}

TEST(VectorEnv, RowsAreThoseOfSingleEnvironments) {
  const Seeds seeds = {5, 6, 7, 8};

  const std::vector<Rows> all = run(kMixed, seeds, /*threads=*/2);

  for (size_t i = 0; i < kMixed.size(); ++i) {
    Env env = make_env(kMixed[i]);
    env.reset(seeds[i]);
    StepResult result;
    for (int step = 0;; ++step) {
      ASSERT_EQ(all[step].image(i), env.observation()) << kMixed[i] << ", step " << step;
      ASSERT_EQ(all[step].state(i), padded_row(env.state())) << kMixed[i] << ", step " << step;
      ASSERT_EQ(all[step].scores[i], result.score);
      ASSERT_EQ(all[step].truncated[i], result.truncated);
      if (result.truncated || step == 50) break;
      result = env.step(actions_at(step, seeds)[i]);
    }
  }
}

TEST(VectorEnv, ResultsAreTheSameForOneTwoAndSevenThreads) {
  const Seeds seeds = {1, 2, 3, 4};

  const std::vector<Rows> one = run(kMixed, seeds, 1);

  EXPECT_TRUE(run(kMixed, seeds, 2) == one);
  EXPECT_TRUE(run(kMixed, seeds, 7) == one);
}

TEST(VectorEnv, ResultsDoNotDependOnTheOrderOfTheRows) {
  const Seeds seeds = {1, 2, 3, 4};

  const auto forward = run(kMixed, seeds, 2);
  const auto backward = run({kMixed.rbegin(), kMixed.rend()}, {seeds.rbegin(), seeds.rend()}, 2);

  for (size_t step = 0; step < forward.size(); ++step) {
    for (size_t i = 0; i < kMixed.size(); ++i) {
      const size_t j = kMixed.size() - 1 - i;
      ASSERT_EQ(forward[step].image(i), backward[step].image(j)) << "step " << step << ", " << i;
      ASSERT_EQ(forward[step].state(i), backward[step].state(j)) << "step " << step << ", " << i;
      ASSERT_EQ(forward[step].scores[i], backward[step].scores[j]);
    }
  }
}

TEST(VectorEnv, ResetsAnEnvironmentInTheStepAfterItsLast) {
  const std::string name = "MoveToRegion-TestLayout-LoRes4A-v0";
  VectorEnv envs({name}, 1);
  Rows rows(envs);
  Env next = make_env(name);
  next.reset(derive_seed(9, "episode", 1));

  envs.reset(Seeds{9}, rows.batch());
  for (int step = 0; step < 40; ++step) envs.step({0}, rows.batch());
  const bool is_truncated = rows.truncated[0];
  envs.step({1}, rows.batch());

  EXPECT_TRUE(is_truncated);
  EXPECT_EQ(rows.image(0), next.observation());
  EXPECT_EQ(rows.truncated[0], 0);
  EXPECT_EQ(envs.env(0).steps(), 0);
}

TEST(VectorEnv, NumbersItsAutomaticResetsFromEveryResetOfTheCaller) {
  const std::string name = "MoveToRegion-TestLayout-v0";
  VectorEnv envs({name}, 1);
  const auto robot_after_two_more_episodes = [&](uint64_t seed) {
    envs.reset(Seeds{seed}, {});
    for (int step = 0; step < 2 * (40 + 1); ++step) envs.step({0}, {});
    return envs.env(0).scene().robot.x;
  };
  Env second = make_env(name);
  second.reset(derive_seed(9, "episode", 2));
  const double expected = second.scene().robot.x;

  robot_after_two_more_episodes(8);

  EXPECT_EQ(robot_after_two_more_episodes(9), expected);
}

TEST(VectorEnv, ReportsTheScoreOnTheLastStepOnly) {
  VectorEnv envs({"MoveToRegion-Demo-v0"}, 1);
  double score = 0;
  EnvBatch batch;
  batch.scores = &score;
  envs.reset(Seeds{0}, batch);
  double earlier = 0;

  for (int step = 0; step < 40; ++step) {
    earlier += score;
    // Five steps to the right and ten ahead lead into the region.
    envs.step({step < 5 ? 6 : step < 15 ? 1 : 0}, batch);
  }

  EXPECT_EQ(earlier, 0);
  EXPECT_EQ(score, 1);
}

TEST(VectorEnv, LeavesResetsToTheCallerWhenToldTo) {
  VectorEnv envs({"MoveToRegion-Demo-v0", "FixColour-Demo-v0"}, 2, AutoReset::kOff);
  envs.reset(Seeds{1, 2}, {});
  for (int step = 0; step < 40; ++step) envs.step({0, 0}, {});

  const std::string message = message_of<std::logic_error>([&] { envs.step({0, 0}, {}); });
  const int steps_of_other = envs.env(1).steps();
  envs.reset(0, 5, {});
  envs.step({0, 0}, {});

  EXPECT_EQ(message,
            "VectorEnv::step: environments[0]: expected reset() first, got a step after the last "
            "one");
  EXPECT_EQ(steps_of_other, 40);
  EXPECT_EQ(envs.env(0).steps(), 1);
  EXPECT_EQ(envs.env(1).steps(), 41);
}

TEST(VectorEnv, NamesTheEnvironmentOfABadActionAndStepsNone) {
  VectorEnv envs(Names(3, "MakeLine-Demo-v0"), 2);
  envs.reset(Seeds{1, 2, 3}, {});

  const std::string message = message_of<std::out_of_range>([&] { envs.step({0, 0, 18}, {}); });

  EXPECT_EQ(message, "VectorEnv::step: actions[2]: expected 0..17, got 18");
  EXPECT_EQ(envs.env(0).steps(), 0);
}

TEST(VectorEnv, RefusesWrongNamesSizesAndStepsBeforeReset) {
  EXPECT_THROW(VectorEnv({}, 1), std::invalid_argument);
  EXPECT_THROW(VectorEnv({"MakeLine-TestWeather-v0"}, 1), std::invalid_argument);
  EXPECT_THROW(VectorEnv({"MakeLine-Demo-v0"}, 0), std::invalid_argument);
  EXPECT_THROW(VectorEnv({"MakeLine-Demo-LoRes4A-v0", "MakeLine-Demo-LoRes4E-v0"}, 1),
               std::invalid_argument);
  VectorEnv envs({"MakeLine-Demo-v0"}, 1);

  EXPECT_THROW(envs.step({0}, {}), std::logic_error);
  EXPECT_THROW(envs.reset(Seeds{1, 2}, {}), std::invalid_argument);
  EXPECT_THROW(envs.reset(1, 0, {}), std::out_of_range);
  envs.reset(Seeds{1}, {});
  EXPECT_THROW(envs.step({0, 0}, {}), std::invalid_argument);
}

TEST(VectorEnv, NoTaskHasMoreBlocksThanARowOfTheStateHolds) {
  size_t most = 0;
  for (const TaskSpec& task : tasks()) {
    for (const std::string& variant : task.variants) {
      for (uint64_t seed = 0; seed < 30; ++seed) {
        most = std::max(most, sample_scene(task.name, variant, seed).blocks.size());
      }
    }
  }

  EXPECT_EQ(most, kMostBlocks);
}

// Calls of operator new between a reset and the end of its episode; blocks are pushed about.
long allocations_of_an_episode(VectorEnv& envs, const EnvBatch& batch) {
  envs.reset(Seeds{1, 2, 3, 4}, batch);
  std::vector<int> actions(4, 1);
  const long before = allocations;
  for (int step = 0; step < 100; ++step) {
    actions[step % 4] = step % kActions;
    envs.step(actions, batch);
  }
  return allocations - before;
}

// One thread: each keeps memory to draw with, and which thread draws what differs from run to run.
TEST(VectorEnv, AllocatesNothingInAStepOnceItHasDrawn) {
  VectorEnv envs(Names(4, "FindDupe-TestLayout-LoResStack-v0"), /*threads=*/1);
  Rows rows(envs);
  allocations_of_an_episode(envs, rows.batch());

  EXPECT_EQ(allocations_of_an_episode(envs, rows.batch()), 0);
  EXPECT_GT(allocations, 0);  // the counter counts
}

TEST(VectorEnv, AllocatesNothingToShareOutTheSteps) {
  VectorEnv envs(Names(4, "FindDupe-TestLayout-LoResStack-v0"), /*threads=*/2);
  Rows rows(envs);
  EnvBatch batch = rows.batch();
  batch.images = nullptr;

  EXPECT_EQ(allocations_of_an_episode(envs, batch), 0);
}

// Memory asked for and not given back. The pages of the process would not do: what earlier tests
// have freed is used again without a new one.
size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST(VectorEnv, AnEnvironmentTakesLessThanOneMiB) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer has an allocator of its own";
#endif
  constexpr int kCount = 64;
  const size_t before = bytes_in_use();
  VectorEnv envs(Names(kCount, "ClusterColour-TestCountPlus-LoResStack-v0"), 2);
  std::vector<uint8_t> images(kCount * envs.image_bytes());  // not the environments'
  EnvBatch batch;
  batch.images = images.data();

  envs.reset(Seeds(kCount, 0), batch);
  for (int step = 0; step < 3; ++step) envs.step(std::vector<int>(kCount, 1), batch);

  const size_t all = bytes_in_use() - before - images.size();
  EXPECT_GT(all / kCount, size_t{8} * kObservationBytes);  // the frames of both stacks
  EXPECT_LT(all / kCount, size_t{1} << 20);
}

}  // namespace
}  // namespace mint::envs
