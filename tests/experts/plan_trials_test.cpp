// Plans of jobs: sorted, worked off, tried in a World.
#include "agents/experts/plan_trials.h"

#include <vector>

#include <gtest/gtest.h>

#include "agents/experts/motion.h"
#include "envs/task.h"
#include "envs/world.h"

namespace mint::experts {
namespace {

Plan plan_to(int block, double x, double y) {
  Job job;
  job.block = block;
  job.target = {x, y};
  return {job};
}

// MoveToCorner's Demo: one block; its score is 1 when that lies near (-1, 1).
envs::Scene corner() {
  return envs::sample_scene("MoveToCorner", "Demo", 0);
}

TEST(Cheapest, SortsByCostAndKeepsTheCheaperOfPlansThatAreAlike) {
  const std::vector<CandidatePlan> candidates = {{plan_to(0, 0.5, 0), 3},
                                                 {plan_to(0, 0, 0), 2},
                                                 {plan_to(0, 0.05, 0), 1},
                                                 {plan_to(1, 0, 0), 4}};

  const std::vector<Plan> plans = cheapest(candidates, 10, 0.1);

  ASSERT_EQ(plans.size(), 3u);
  EXPECT_EQ(plans[0][0].target.x, 0.05);
  EXPECT_EQ(plans[1][0].target.x, 0.5);
  EXPECT_EQ(plans[2][0].block, 1);
  EXPECT_EQ(cheapest(candidates, 1, 0.1).size(), 1u);
}

TEST(Worker, MovesTheBlockAndFinishes) {
  envs::World world(corner());
  Worker worker(plan_to(0, -0.7, 0.7));

  int steps = 0;
  for (; steps < 80 && !worker.is_finished(); ++steps) {
    world.step(envs::encode_action(worker.act(world.state())));
    worker.advance(world.state());
  }

  EXPECT_LT(steps, 80);
  EXPECT_EQ(worker.jobs_done(), 1u);
  EXPECT_NEAR(world.state().blocks[0].pose.x, -0.7, 0.15);
  EXPECT_NEAR(world.state().blocks[0].pose.y, 0.7, 0.15);
}

TEST(Worker, NoticesThatNothingMoves) {
  const envs::State state = envs::initial_state(corner());
  Worker worker(plan_to(0, -0.7, 0.7));

  for (int i = 0; i < 5; ++i) worker.act(state);
  EXPECT_FALSE(worker.is_stuck());
  for (int i = 0; i < 10; ++i) worker.act(state);
  EXPECT_TRUE(worker.is_stuck());
}

TEST(Worker, BeginsWithItsEscape) {
  const envs::State state = envs::initial_state(corner());
  Style style;
  style.escape = {-1, 1, false};
  style.escape_steps = 2;
  Worker worker(plan_to(0, -0.7, 0.7), style);
  Worker plain(plan_to(0, -0.7, 0.7));

  for (int i = 0; i < 2; ++i) {
    const envs::Command command = worker.act(state);
    EXPECT_EQ(command.drive, -1);
    EXPECT_EQ(command.turn, 1);
  }
  EXPECT_EQ(envs::encode_action(worker.act(state)), envs::encode_action(plain.act(state)));
}

TEST(TryOut, FindsThatAPlanWorksAndLeavesTheWorkerAlone) {
  const envs::Scene scene = corner();
  const envs::State state = envs::initial_state(scene);
  const Worker worker(plan_to(0, -0.7, 0.7));
  envs::Random random(1);

  const Outcome outcome = try_out(scene, state, worker, 80, 3, random);

  EXPECT_EQ(outcome.undisturbed, 1);
  EXPECT_EQ(outcome.jobs_done, 1u);
  EXPECT_GT(outcome.steps, 20);
  EXPECT_EQ(worker.jobs_done(), 0u);
}

TEST(TryOut, FindsThatThereIsNotEnoughTimeAndTriesOnce) {
  const envs::Scene scene = corner();
  envs::Random random(1);

  const Outcome outcome =
      try_out(scene, envs::initial_state(scene), Worker(plan_to(0, -0.7, 0.7)), 10, 3, random);

  EXPECT_LT(outcome.undisturbed, 1);
  EXPECT_EQ(outcome.jobs_done, 0u);
  EXPECT_EQ(outcome.steps, 10);
}

TEST(PlanningExpert, TakesThePlanThatWorks) {
  const envs::Scene scene = corner();
  const auto propose = [](const envs::Scene&, const envs::State&, envs::Random&) {
    return std::vector<Plan>{plan_to(0, 0.7, -0.7), plan_to(0, -0.7, 0.7)};
  };
  const auto expert = planning_expert(propose, envs::Random(1));
  envs::World world(scene);

  for (int step = 0; step < 80; ++step) world.step(expert->act(scene, world.state(), step));

  EXPECT_EQ(envs::score(scene, world.state()), 1);
}

}  // namespace
}  // namespace mint::experts
