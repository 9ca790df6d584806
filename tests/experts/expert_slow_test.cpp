// The bar for every expert, and the table of what the experts reach in every task and variant. All
// of it with a hundred episodes of each, in some twenty minutes of two cores:
//
//   MINT_EXPERT_EPISODES=100 build/release/experts_slow_test --gtest_filter='*Bar*'
//
// Without the variable 30 episodes of Demo, TestJitter and TestLayout, which have a bar, and 6 of
// every other variant. A third as many again with the action noise of recordings.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "agents/experts/recording.h"
#include "envs/task.h"

namespace mint::experts {
namespace {

constexpr int kBarEpisodes = 30;
constexpr int kOtherEpisodes = 6;
constexpr double kDemoBar = 0.95;
constexpr double kLayoutBar = 0.9;

bool has_bar(const std::string& variant) {
  return variant == "Demo" || variant == "TestJitter" || variant == "TestLayout";
}

int episodes_of(const std::string& variant) {
  if (const char* text = std::getenv("MINT_EXPERT_EPISODES")) return std::max(1, std::atoi(text));
  return has_bar(variant) ? kBarEpisodes : kOtherEpisodes;
}

struct Row {
  double mean = 0;      // score
  double unsolved = 0;  // fraction of the episodes that score less than 1
  double busy = 0;      // mean number of steps until the last action that is not the null action
};

double busy_steps(const RecordedEpisode& episode) {
  const auto last = std::find_if(episode.labels.rbegin(), episode.labels.rend(),
                                 [](int action) { return action != 0; });
  return static_cast<double>(episode.labels.rend() - last);
}

// Seeds 0, 1, ... on all cores; each episode writes its own place.
Row measure(const std::string& task, const std::string& variant, int episodes, double noise) {
  std::vector<Row> rows(episodes);
  std::atomic<int> next{0};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) {
    threads.emplace_back([&] {
      for (int seed = next++; seed < episodes; seed = next++) {
        const RecordedEpisode episode = record_episode(task, variant, seed, noise);
        rows[seed] = {episode.score, episode.score < 1 ? 1.0 : 0.0, busy_steps(episode)};
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Row mean;
  for (const Row& row : rows) {
    mean.mean += row.mean / episodes;
    mean.unsolved += row.unsolved / episodes;
    mean.busy += row.busy / episodes;
  }
  return mean;
}

class EveryExpertAtLength : public testing::TestWithParam<std::string> {};

TEST_P(EveryExpertAtLength, ReachesTheBarInDemoJitterAndLayout) {
  std::printf("  %-13s %-13s %8s %6s %9s %10s %10s\n", "task", "variant", "episodes", "score",
              "unsolved", "busy steps", "with noise");
  for (const std::string& variant : envs::find_task(GetParam()).variants) {
    const int episodes = episodes_of(variant);
    const Row row = measure(GetParam(), variant, episodes, 0);
    const Row noisy = measure(GetParam(), variant, (episodes + 2) / 3, kDefaultActionNoise);

    std::printf("  %-13s %-13s %8d %6.3f %7.0f %% %10.0f %10.3f\n", GetParam().c_str(),
                variant.c_str(), episodes, row.mean, 100 * row.unsolved, row.busy, noisy.mean);
    std::fflush(stdout);
    if (has_bar(variant)) {
      EXPECT_GE(row.mean, variant == "Demo" ? kDemoBar : kLayoutBar) << variant;
    }
  }
}

TEST_P(EveryExpertAtLength, RecordsTwentyFourDifferentDemonstrationsThatMostlySucceed) {
  std::set<std::vector<int>> sequences;
  double sum = 0;
  for (int seed = 0; seed < 24; ++seed) {
    const auto episode = record_episode(GetParam(), "Demo", seed);
    sequences.insert(episode.labels);
    sum += episode.score;
  }

  EXPECT_EQ(sequences.size(), 24u);
  EXPECT_GE(sum / 24, 0.85);
}

INSTANTIATE_TEST_SUITE_P(AllTasks, EveryExpertAtLength, testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const auto& task : envs::tasks()) names.push_back(task.name);
                           return names;
                         }()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mint::experts
