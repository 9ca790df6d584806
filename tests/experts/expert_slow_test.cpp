// The bar for every expert: a mean score of 0.95 over a hundred jittered scenes.
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "agents/experts/recording.h"
#include "envs/task.h"

namespace mint::experts {
namespace {

class EveryExpertAtLength : public testing::TestWithParam<std::string> {};

TEST_P(EveryExpertAtLength, ScoresNearlyAlwaysInAHundredJitteredScenes) {
  double sum = 0;
  for (int seed = 0; seed < 100; ++seed) {
    sum += record_episode(GetParam(), "TestJitter", seed, 0).score;
  }

  std::cout << "  " << GetParam() << ": mean score " << sum / 100 << "\n";
  EXPECT_GE(sum / 100, 0.95);
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
