#include "envs/vector_env.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/random.h"
#include "tests/envs/batch_rows.h"

namespace mint::envs {
namespace {

using Names = std::vector<std::string>;
using Seeds = std::vector<uint64_t>;
using Rows = tests::BatchRows;

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

TEST(VectorEnv, RefusesAStepBeforeReset) {
  VectorEnv envs(Names(2, "MakeLine-Demo-v0"), 1);
  envs.reset(0, 5, {});

  const std::string message = message_of<std::logic_error>([&] { envs.step({0, 0}, {}); });

  EXPECT_EQ(message, "VectorEnv::step: environments[1]: expected reset() first, got none");
  EXPECT_EQ(envs.env(0).steps(), 0);
}

TEST(VectorEnv, RefusesAnotherNumberOfSeedsOrActions) {
  VectorEnv envs({"MakeLine-Demo-v0"}, 1);
  envs.reset(Seeds{1}, {});

  EXPECT_EQ(message_of<std::invalid_argument>([&] {
              envs.reset(Seeds{1, 2}, {});
            }),
            "VectorEnv::reset: seeds: expected 1, got 2");
  EXPECT_EQ(message_of<std::invalid_argument>([&] {
              envs.step({0, 0}, {});
            }),
            "VectorEnv::step: actions: expected 1, got 2");
}

TEST(VectorEnv, RefusesToResetAnEnvironmentItDoesNotHold) {
  VectorEnv envs({"MakeLine-Demo-v0"}, 1);

  EXPECT_THROW(envs.reset(1, 0, {}), std::out_of_range);
  EXPECT_THROW(envs.reset(-1, 0, {}), std::out_of_range);
}

TEST(VectorEnv, RefusesToHoldNothing) {
  EXPECT_EQ(message_of<std::invalid_argument>([] { VectorEnv({}, 1); }),
            "VectorEnv: names: expected at least one, got none");
}

TEST(VectorEnv, RefusesANameThatDoesNotExist) {
  EXPECT_THROW(VectorEnv({"MakeLine-TestWeather-v0"}, 1), std::invalid_argument);
}

TEST(VectorEnv, RefusesToMixPreprocessors) {
  const Names names = {"MakeLine-Demo-LoRes4A-v0", "MakeLine-Demo-LoRes4E-v0"};

  EXPECT_EQ(message_of<std::invalid_argument>([&] { VectorEnv(names, 1); }),
            "VectorEnv: names[1]: expected the preprocessor of MakeLine-Demo-LoRes4A-v0, got "
            "MakeLine-Demo-LoRes4E-v0");
}

TEST(VectorEnv, RefusesToWorkWithoutAThread) {
  EXPECT_THROW(VectorEnv({"MakeLine-Demo-v0"}, 0), std::invalid_argument);
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

}  // namespace
}  // namespace mint::envs
