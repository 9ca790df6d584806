#include <algorithm>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "envs/env.h"
#include "envs/image.h"

namespace mint::envs {
namespace {

std::vector<uint8_t> part(const std::vector<uint8_t>& stack, int index) {
  const auto begin = stack.begin() + index * kObservationBytes;
  return {begin, begin + kObservationBytes};
}

TEST(Env, RefusesUnknownNamesAndStepsBeforeReset) {
  EXPECT_THROW(Env("MoveToMoon", "Demo"), std::invalid_argument);
  EXPECT_THROW(Env("MoveToRegion", "TestWeather"), std::invalid_argument);
  Env env("MoveToRegion", "Demo");

  EXPECT_THROW(env.step(0), std::logic_error);
  EXPECT_THROW(env.frame(), std::logic_error);
}

TEST(Env, StackIsFourTimesTheResetFrameAtReset) {
  Env env("MoveToRegion", "Demo");
  env.reset(0);

  const auto stack = env.stack();

  ASSERT_EQ(stack.size(), 4u * kObservationBytes);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(part(stack, i), env.frame());
}

TEST(Env, StackHoldsTheLastFourFramesOldestFirstEvenIfNobodyLooked) {
  Env watched("MoveToCorner", "Demo");
  Env unwatched("MoveToCorner", "Demo");
  watched.reset(0);
  unwatched.reset(0);
  std::vector<std::vector<uint8_t>> frames = {watched.frame()};

  for (int i = 0; i < 5; ++i) {
    watched.step(1);
    unwatched.step(1);
    frames.push_back(watched.frame());
  }

  const auto stack = unwatched.stack();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(part(stack, i), frames[i + 2]);
  EXPECT_NE(frames[4], frames[5]);
}

TEST(Env, DrawsAFrameOfEitherCameraTheSameWheneverItIsAskedFor) {
  Env watched("MatchRegions", "TestAll");
  Env unwatched("MatchRegions", "TestAll");
  watched.reset(1);
  unwatched.reset(1);

  for (int i = 0; i < 3; ++i) {
    watched.frame(Camera::kEgocentric);
    watched.step(10);
    unwatched.step(10);
  }

  EXPECT_EQ(watched.stack(Camera::kEgocentric), unwatched.stack(Camera::kEgocentric));
  EXPECT_EQ(watched.stack(), unwatched.stack());
  EXPECT_NE(watched.stack(), watched.stack(Camera::kEgocentric));
}

TEST(Env, IsMadeFromTheOriginalsName) {
  const Env env = make_env("FindDupe-TestShape-LoRes4E-v0");

  EXPECT_EQ(env.task().name, "FindDupe");
  EXPECT_EQ(env.variant(), "TestShape");
  EXPECT_EQ(env.preprocessor(), Preprocessor::kLoRes4E);
  EXPECT_THROW(make_env("FindDupe-TestShape-LoRes5E-v0"), std::invalid_argument);
}

TEST(Env, ScoresTheLastStepOnly) {
  Env env("MoveToCorner", "Demo");
  env.reset(0);
  StepResult result;

  for (int i = 0; i < 80; ++i) result = env.step(0);

  EXPECT_TRUE(result.truncated);
  EXPECT_EQ(result.score, 0);  // nobody moved the block
  EXPECT_EQ(env.steps(), 80);
  EXPECT_THROW(env.step(0), std::logic_error);
  env.reset(0);
  EXPECT_EQ(env.steps(), 0);
}

TEST(Env, ShowsTheRobotInTheInstanceImage) {
  Env env("MoveToRegion", "Demo");
  env.reset(0);

  const InstanceImage instances = env.instances();
  const auto robot_pixels = std::count(instances.ids.begin(), instances.ids.end(), 2);

  EXPECT_EQ(env.full_frame().width, 384);
  EXPECT_GT(robot_pixels, 4000);  // the body alone has pi 0.2^2 188^2 = 4450
}

}  // namespace
}  // namespace mint::envs
