// The scripted experts solve their tasks, and recordings of them are what they claim to be.
#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "agents/experts/expert.h"
#include "agents/experts/recording.h"
#include "envs/state_vector.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::experts {
namespace {

std::vector<double> rows(const std::vector<envs::State>& states) {
  std::vector<double> result;
  for (const envs::State& state : states) envs::append_state(state, result);
  return result;
}

double mean_score(const std::string& task, const std::string& variant, int episodes, double noise) {
  double sum = 0;
  for (int seed = 0; seed < episodes; ++seed) {
    sum += record_episode(task, variant, seed, noise).score;
  }
  return sum / episodes;
}

// Steps until the last action that is not the null action.
size_t busy_steps(const std::vector<int>& actions) {
  const auto last =
      std::find_if(actions.rbegin(), actions.rend(), [](int action) { return action != 0; });
  return static_cast<size_t>(actions.rend() - last);
}

std::vector<std::string> tasks_of_at_most(int steps) {
  std::vector<std::string> names;
  for (const envs::TaskSpec& task : envs::tasks()) {
    if (task.episode_length <= steps) names.push_back(task.name);
  }
  return names;
}

class EveryExpert : public testing::TestWithParam<std::string> {};
class EveryQuickExpert : public testing::TestWithParam<std::string> {};

TEST_P(EveryExpert, SolvesTheDemo) {
  EXPECT_EQ(mean_score(GetParam(), "Demo", 2, 0), 1);
}

TEST_P(EveryExpert, SolvesJitteredScenes) {
  EXPECT_GE(mean_score(GetParam(), "TestJitter", 2, 0), 0.95);
}

// Where planning takes longer only the slow tests do this.
TEST_P(EveryQuickExpert, SolvesAnEpisodeOfEveryVariant) {
  for (const std::string& variant : envs::find_task(GetParam()).variants) {
    EXPECT_EQ(mean_score(GetParam(), variant, 1, 0), 1) << variant;
  }
}

TEST_P(EveryExpert, EndsEarlyAndStaysWhereItIs) {
  const auto episode = record_episode(GetParam(), "Demo", 0, 0);

  EXPECT_LT(busy_steps(episode.labels), episode.labels.size());
  const envs::Pose before = episode.states[episode.states.size() - 2].robot.pose;
  const envs::Pose after = episode.states.back().robot.pose;
  EXPECT_NEAR(before.x, after.x, 1e-3);
  EXPECT_NEAR(before.y, after.y, 1e-3);
}

TEST_P(EveryExpert, ActsTheSameForTheSameSeed) {
  const auto a = record_episode(GetParam(), "TestJitter", 4, 0.1);
  const auto b = record_episode(GetParam(), "TestJitter", 4, 0.1);

  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.executed, b.executed);
  EXPECT_EQ(rows(a.states), rows(b.states));
}

TEST_P(EveryExpert, WithoutChanceIgnoresItsSeed) {
  const envs::Scene scene = envs::sample_scene(GetParam(), "Demo", 0);
  ExpertOptions options;
  options.deterministic = true;
  const auto a = make_expert(scene, 1, options);
  const auto b = make_expert(scene, 2, options);
  envs::World world(scene);

  for (int step = 0; step < 30; ++step) {
    const int action = a->act(scene, world.state(), step);
    ASSERT_EQ(action, b->act(scene, world.state(), step)) << "step " << step;
    world.step(action);
  }
}

INSTANTIATE_TEST_SUITE_P(AllTasks, EveryExpert, testing::ValuesIn(tasks_of_at_most(1000)),
                         [](const auto& info) { return info.param; });
INSTANTIATE_TEST_SUITE_P(ShortTasks, EveryQuickExpert, testing::ValuesIn(tasks_of_at_most(100)),
                         [](const auto& info) { return info.param; });

TEST(Experts, CloseTheGripperOnlyToCarry) {
  const auto driving = record_episode("MoveToRegion", "Demo", 0, 0).labels;
  const auto carrying = record_episode("MoveToCorner", "Demo", 0, 0).labels;

  EXPECT_TRUE(std::all_of(driving.begin(), driving.end(), [](int a) { return a < 9; }));
  EXPECT_TRUE(std::any_of(carrying.begin(), carrying.end(), [](int a) { return a >= 9; }));
}

TEST(Experts, KnowOnlyTheirTasks) {
  envs::Scene scene;
  scene.task = "MoveToMoon";

  EXPECT_THROW(make_expert(scene, 0), std::invalid_argument);
}

TEST(RecordEpisode, HoldsWhatWasSeenChosenAndDone) {
  const auto episode = record_episode("MoveToCorner", "Demo", 2, 0.3);
  envs::World world(episode.scene);

  EXPECT_EQ(episode.labels.size(), 80u);
  ASSERT_EQ(episode.executed.size(), 80u);
  ASSERT_EQ(episode.states.size(), 81u);
  EXPECT_NE(episode.labels, episode.executed);
  for (const int action : episode.executed) world.step(action);
  EXPECT_EQ(rows({world.state()}), rows({episode.states.back()}));
  EXPECT_EQ(episode.score, envs::score(episode.scene, world.state()));
}

TEST(RecordEpisode, WithoutNoiseDoesWhatTheExpertChose) {
  const auto episode = record_episode("MoveToRegion", "TestJitter", 1, 0);

  EXPECT_EQ(episode.labels, episode.executed);
}

TEST(RecordEpisode, NoTwoDemonstrationsAreTheSame) {
  for (const char* task : {"MoveToRegion", "MoveToCorner"}) {
    std::set<std::vector<int>> sequences;
    for (int seed = 0; seed < 24; ++seed) {
      sequences.insert(record_episode(task, "Demo", seed).labels);
    }
    EXPECT_EQ(sequences.size(), 24u) << task;
  }
}

TEST(RecordEpisode, RefusesImpossibleNoise) {
  EXPECT_THROW(record_episode("MoveToRegion", "Demo", 0, -0.1), std::invalid_argument);
  EXPECT_THROW(record_episode("MoveToRegion", "Demo", 0, 1.1), std::invalid_argument);
}

}  // namespace
}  // namespace mint::experts
