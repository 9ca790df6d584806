#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/env.h"
#include "envs/preprocessor.h"

namespace mint::envs {
namespace {

using Bytes = std::vector<uint8_t>;

// Frames of both cameras, oldest first.
struct History {
  std::vector<Bytes> allo;
  std::vector<Bytes> ego;
};

// Drives `env` from a reset until `steps` frames follow the reset's, looking at every one.
History drive(Env& env, int steps) {
  env.reset(3);
  History history = {{env.frame()}, {env.frame(Camera::kEgocentric)}};
  for (int i = 0; i < steps; ++i) {
    env.step(4);  // up and left
    history.allo.push_back(env.frame());
    history.ego.push_back(env.frame(Camera::kEgocentric));
  }
  return history;
}

// The channel stack [96, 96, 12] by its definition.
Bytes stacked(const std::vector<Bytes>& frames) {
  Bytes stack;
  for (int pixel = 0; pixel < 96 * 96; ++pixel) {
    for (const Bytes& frame : frames) {
      for (int channel = 0; channel < 3; ++channel) stack.push_back(frame[3 * pixel + channel]);
    }
  }
  return stack;
}

std::vector<Bytes> last(const std::vector<Bytes>& frames, size_t count) {
  return {frames.end() - count, frames.end()};
}

Env env_with(const std::string& preprocessor) {
  return make_env("MatchRegions-TestLayout-" + preprocessor + "-v0");
}

TEST(Preprocessor, NamesAreThoseOfTheOriginal) {
  for (const char* name : {"LoRes4A", "LoRes4E", "LoRes3EA", "LoResCHW4E", "LoResStack", ""}) {
    EXPECT_STREQ(to_string(parse_preprocessor(name)), name);
  }
}

TEST(Preprocessor, ListsTheKnownNamesForAnUnknownOne) {
  try {
    parse_preprocessor("LoRes4a");
    FAIL() << "expected an exception";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "preprocessor: expected one of LoRes4A, LoRes4E, LoRes3EA, LoResCHW4E, "
                 "LoResStack, or none, got \"LoRes4a\"");
  }
}

TEST(Preprocessor, ShapesAreThoseOfTheOriginal) {
  using Shape3 = std::array<int, 3>;
  const auto shapes = [](Preprocessor preprocessor) {
    std::vector<Shape3> all;
    for (const auto& array : observation_arrays(preprocessor)) all.push_back(array.shape);
    return all;
  };
  const Shape3 stack = {96, 96, 12};

  EXPECT_EQ(shapes(Preprocessor::kLoRes4A), std::vector<Shape3>{stack});
  EXPECT_EQ(shapes(Preprocessor::kLoRes4E), std::vector<Shape3>{stack});
  EXPECT_EQ(shapes(Preprocessor::kLoRes3EA), std::vector<Shape3>{stack});
  EXPECT_EQ(shapes(Preprocessor::kLoResCHW4E), (std::vector<Shape3>{{12, 96, 96}}));
  EXPECT_EQ(shapes(Preprocessor::kLoResStack), (std::vector<Shape3>{stack, stack}));
  EXPECT_EQ(shapes(Preprocessor::kNone), (std::vector<Shape3>{{384, 384, 3}, {384, 384, 3}}));
  EXPECT_EQ(observation_bytes(Preprocessor::kLoResStack), 2u * 96 * 96 * 12);
}

TEST(Preprocessor, LoRes4AStacksTheLastFourAllocentricFramesOldestFirst) {
  Env env = env_with("LoRes4A");
  const History seen = drive(env, 6);

  EXPECT_EQ(env.observation(), stacked(last(seen.allo, 4)));
  EXPECT_NE(seen.allo[3], seen.allo[6]);
}

TEST(Preprocessor, LoRes4EStacksTheLastFourEgocentricFramesOldestFirst) {
  Env env = env_with("LoRes4E");
  const History seen = drive(env, 6);

  EXPECT_EQ(env.observation(), stacked(last(seen.ego, 4)));
  EXPECT_NE(seen.ego[6], seen.allo[6]);
}

TEST(Preprocessor, LoRes3EAStacksTheNewestAllocentricFrameBeforeThreeEgocentricOnes) {
  Env env = env_with("LoRes3EA");
  const History seen = drive(env, 6);

  EXPECT_EQ(env.observation(), stacked({seen.allo[6], seen.ego[4], seen.ego[5], seen.ego[6]}));
}

TEST(Preprocessor, LoResCHW4EIsLoRes4EWithTheChannelsFirst) {
  Env env = env_with("LoResCHW4E");
  const Bytes rows_first = stacked(last(drive(env, 6).ego, 4));

  const Bytes channels_first = env.observation();

  ASSERT_EQ(channels_first.size(), rows_first.size());
  for (int channel = 0; channel < 12; ++channel) {
    for (int pixel = 0; pixel < 96 * 96; ++pixel) {
      ASSERT_EQ(channels_first[96 * 96 * channel + pixel], rows_first[12 * pixel + channel])
          << "channel " << channel << ", pixel " << pixel;
    }
  }
}

TEST(Preprocessor, LoResStackKeepsTheCamerasApart) {
  Env env = env_with("LoResStack");
  const History seen = drive(env, 6);
  Bytes expected = stacked(last(seen.allo, 4));
  const Bytes ego = stacked(last(seen.ego, 4));
  expected.insert(expected.end(), ego.begin(), ego.end());

  EXPECT_EQ(env.observation(), expected);
}

TEST(Preprocessor, NoneGivesBothCamerasInFull) {
  Env env = make_env("FindDupe-TestShape-v0");
  env.reset(0);
  Bytes expected = env.full_frame().rgb;
  const Bytes ego = env.full_frame(Camera::kEgocentric).rgb;
  expected.insert(expected.end(), ego.begin(), ego.end());

  EXPECT_EQ(env.observation(), expected);
  EXPECT_EQ(expected.size(), 2u * 384 * 384 * 3);
}

TEST(Preprocessor, EverySlotHoldsTheResetFrameAtReset) {
  for (const char* name : {"LoRes4A", "LoRes4E"}) {
    Env env = env_with(name);
    drive(env, 6);
    const Bytes moved = env.observation();

    const History reset = drive(env, 0);

    const Bytes& frame = std::string(name) == "LoRes4A" ? reset.allo[0] : reset.ego[0];
    EXPECT_EQ(env.observation(), stacked({frame, frame, frame, frame}));
    EXPECT_NE(env.observation(), moved);
  }
}

TEST(Preprocessor, FillsUpWithTheResetFrameUntilThereAreFour) {
  Env env = env_with("LoRes3EA");
  const History seen = drive(env, 1);

  EXPECT_EQ(env.observation(), stacked({seen.allo[1], seen.ego[0], seen.ego[0], seen.ego[1]}));
}

}  // namespace
}  // namespace mint::envs
