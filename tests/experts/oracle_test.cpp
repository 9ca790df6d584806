#include "agents/experts/oracle.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "envs/random.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::experts {
namespace {

struct Asked {
  envs::Scene scene;
  envs::World world;
  Oracle oracle;
  explicit Asked(const std::string& task)
      : scene(envs::sample_scene(task, "Demo", 0)), world(scene), oracle(scene) {}

  int label() { return oracle.label(world.state()); }
  void execute(int action) {
    oracle.executed(action);
    world.step(action);
  }
  double score() const { return envs::score(scene, world.state()); }
};

class EveryOracle : public testing::TestWithParam<std::string> {};

TEST_P(EveryOracle, IsTheNominalExpertWhileItsLabelsAreExecuted) {
  Asked asked(GetParam());
  ExpertOptions options;
  options.deterministic = true;
  const auto expert = make_expert(asked.scene, 0, options);

  for (int step = 0; step < 40; ++step) {
    const int expected = expert->act(asked.scene, asked.world.state(), 0);
    ASSERT_EQ(asked.label(), expected) << "step " << step;
    asked.execute(expected);
  }
}

// A policy that knows nothing drives the robot about and pushes blocks away.
TEST_P(EveryOracle, TakesOverFromAnotherPolicyAndScores) {
  Asked asked(GetParam());
  envs::Random random(3);
  const int length = envs::find_task(GetParam()).episode_length;
  int action = 0;

  for (int step = 0; step < length / 2; ++step) {
    asked.label();
    if (step % 4 == 0) action = random.below(envs::kActions);
    asked.execute(action);
  }
  for (int step = 0; step < length; ++step) asked.execute(asked.label());

  EXPECT_EQ(asked.score(), 1);
}

INSTANTIATE_TEST_SUITE_P(Tasks, EveryOracle,
                         testing::Values("MoveToRegion", "MoveToCorner", "FixColour"),
                         [](const auto& info) { return info.param; });

// An expert that is not told takes a robot that does not move to be stuck, and backs off.
TEST(Oracle, SaysGoToARobotThatStandsStill) {
  Asked asked("MoveToCorner");
  const int first = asked.label();
  asked.execute(0);

  for (int step = 0; step < 20; ++step) {
    EXPECT_EQ(asked.label(), first) << "step " << step;
    asked.execute(0);
  }
}

TEST(Oracle, DoesNotGiveUpWhenTheEpisodeEnds) {
  Asked asked("MoveToRegion");
  for (int step = 0; step < envs::find_task("MoveToRegion").episode_length; ++step) {
    asked.label();
    asked.execute(0);
  }

  EXPECT_NE(asked.label(), 0);
}

TEST(Oracle, KnowsOnlyTasksWithAnExpert) {
  envs::Scene scene;
  scene.task = "MoveToMoon";

  EXPECT_THROW(Oracle{scene}, std::invalid_argument);
}

}  // namespace
}  // namespace mint::experts
