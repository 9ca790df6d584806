#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "envs/preprocessor.h"
#include "envs/task.h"

namespace mint::envs {
namespace {

TEST(Task, EpisodeLengthsAreTheOriginals) {
  EXPECT_EQ(find_task("MoveToRegion").episode_length, 40);
  EXPECT_EQ(find_task("MoveToCorner").episode_length, 80);
  EXPECT_EQ(find_task("MatchRegions").episode_length, 120);
  EXPECT_EQ(find_task("MakeLine").episode_length, 180);
  EXPECT_EQ(find_task("FindDupe").episode_length, 100);
  EXPECT_EQ(find_task("FixColour").episode_length, 60);
  EXPECT_EQ(find_task("ClusterColour").episode_length, 240);
  EXPECT_EQ(find_task("ClusterShape").episode_length, 240);
}

// Section 1 of the page.
TEST(Task, VariantsAreTheOriginals) {
  const std::vector<std::string> all = {"Demo",       "TestJitter",    "TestColour",   "TestShape",
                                        "TestLayout", "TestCountPlus", "TestDynamics", "TestAll"};

  EXPECT_EQ(find_task("MoveToRegion").variants,
            (std::vector<std::string>{"Demo", "TestJitter", "TestColour", "TestLayout",
                                      "TestDynamics", "TestAll"}));
  EXPECT_EQ(find_task("MoveToCorner").variants,
            (std::vector<std::string>{"Demo", "TestJitter", "TestColour", "TestShape",
                                      "TestDynamics", "TestAll"}));
  for (const char* task :
       {"MatchRegions", "MakeLine", "FindDupe", "FixColour", "ClusterColour", "ClusterShape"}) {
    EXPECT_EQ(find_task(task).variants, all) << task;
  }
}

TEST(Task, UnknownNamesAreRefusedWithTheKnownOnes) {
  EXPECT_THROW(find_task("MoveToMoon"), std::invalid_argument);
  try {
    sample_scene("MoveToCorner", "TestWeather", 0);
    FAIL() << "expected an exception";
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(
        std::string(error.what()),
        "variant: expected one of Demo, TestJitter, TestColour, TestShape, TestDynamics, TestAll "
        "for MoveToCorner, got \"TestWeather\"");
  }
}

// demo_layouts.json of the fixtures.
TEST(MoveToCorner, StartsAsInTheOriginal) {
  const State state = initial_state(sample_scene("MoveToCorner", "Demo", 0));

  EXPECT_NEAR(state.robot.pose.angle, 1.727876, 1e-6);
  EXPECT_NEAR(state.fingers[0].pose.x, 0.394325, 1e-6);
  EXPECT_NEAR(state.fingers[0].pose.y, -0.092021, 1e-6);
  EXPECT_NEAR(state.fingers[0].pose.angle, 2.120575, 1e-6);
  EXPECT_NEAR(state.fingers[1].pose.angle, 1.335177, 1e-6);
  EXPECT_NEAR(state.eye_angles[0], 1.727876, 1e-6);
  EXPECT_NEAR(state.blocks.at(0).pose.angle, 0.408407, 1e-6);
}

using Strings = std::vector<std::string>;

// "green star" of every block, in order.
Strings looks_of_blocks(const Scene& scene) {
  Strings looks;
  for (const Block& b : scene.blocks) {
    looks.push_back(std::string(to_string(b.colour)) + " " + to_string(b.shape));
  }
  return looks;
}

Strings colours_of_regions(const Scene& scene) {
  Strings colours;
  for (const Region& r : scene.regions) colours.push_back(to_string(r.colour));
  return colours;
}

void expect_pose(const Pose& pose, double x, double y, double angle) {
  EXPECT_NEAR(pose.x, x, 1e-6);
  EXPECT_NEAR(pose.y, y, 1e-6);
  EXPECT_NEAR(pose.angle, angle, 1e-6);
}

// Demos as section 10 of the page lists them.
TEST(MatchRegions, DemoLooksAsInTheOriginal) {
  const Scene scene = sample_scene("MatchRegions", "Demo", 0);

  EXPECT_EQ(colours_of_regions(scene), Strings{"green"});
  EXPECT_EQ(looks_of_blocks(scene), (Strings{"green star", "green square", "blue pentagon",
                                             "yellow circle", "yellow pentagon"}));
  EXPECT_EQ(scene.targets, (std::vector<int>{0, 1}));
  expect_pose(scene.robot, -0.5, 0.1, -3.769911);
  expect_pose(scene.blocks.at(0).pose, 0.8, -0.7, 2.37);
  expect_pose(scene.blocks.at(4).pose, 0.3, -0.82, -1.15);
}

TEST(FindDupe, DemoLooksAsInTheOriginal) {
  const Scene scene = sample_scene("FindDupe", "Demo", 0);

  EXPECT_EQ(colours_of_regions(scene), Strings{"yellow"});
  EXPECT_EQ(looks_of_blocks(scene),
            (Strings{"green pentagon", "red circle", "red circle", "yellow square", "blue star",
                     "yellow pentagon", "yellow pentagon"}));
  EXPECT_EQ(scene.targets, (std::vector<int>{5, 6}));
  expect_pose(scene.robot, -0.57, 0.25, 3.83);
  expect_pose(scene.blocks.at(4).pose, 0.45254, 0.3681, -1.0834);
  expect_pose(scene.blocks.at(6).pose, -0.33, -0.49, -0.51);
}

TEST(FixColour, DemoLooksAsInTheOriginal) {
  const Scene scene = sample_scene("FixColour", "Demo", 0);

  EXPECT_EQ(colours_of_regions(scene), (Strings{"green", "green", "red"}));
  EXPECT_EQ(looks_of_blocks(scene), (Strings{"green pentagon", "green square", "blue pentagon"}));
  EXPECT_EQ(scene.targets, (std::vector<int>{0, 1, 2}));
  expect_pose(scene.robot, 0.368, 0.586, 0.718);
  expect_pose(scene.blocks.at(1).pose, 0.133, -0.561, 1.699);
  EXPECT_NEAR(scene.regions.at(2).x, -0.681, 1e-6);
  EXPECT_NEAR(scene.regions.at(2).h, 0.498, 1e-6);
}

TEST(EnvName, TakesTheOriginalsNamesApart) {
  const EnvName full = parse_env_name("FindDupe-TestShape-LoRes4E-v0");
  const EnvName raw = parse_env_name("FindDupe-Demo-v0");

  EXPECT_EQ(full.task, "FindDupe");
  EXPECT_EQ(full.variant, "TestShape");
  EXPECT_EQ(full.preprocessor, "LoRes4E");
  EXPECT_EQ(raw.variant, "Demo");
  EXPECT_EQ(raw.preprocessor, "");
}

TEST(EnvName, OfEveryTaskVariantAndPreprocessorSurvivesTheRoundTrip) {
  for (const TaskSpec& task : tasks()) {
    for (const std::string& variant : task.variants) {
      for (const Preprocessor preprocessor : kPreprocessors) {
        const EnvName name = {task.name, variant, to_string(preprocessor)};
        const EnvName parsed = parse_env_name(to_string(name));
        EXPECT_EQ(parsed.task, name.task);
        EXPECT_EQ(parsed.variant, name.variant);
        EXPECT_EQ(parsed.preprocessor, name.preprocessor);
      }
    }
  }
}

std::string refusal_of(const std::string& name) {
  try {
    parse_env_name(name);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(EnvName, RefusesAnotherForm) {
  for (const std::string name : {"", "MakeLine", "MakeLine-Demo", "MakeLine-v0", "-Demo-v0",
                                 "MakeLine--v0", "MakeLine-Demo-LoRes4A", "MakeLine-Demo--v0"}) {
    EXPECT_EQ(
        refusal_of(name),
        "environment name: expected <Task>-<Variant>[-<Preprocessor>]-v0, got \"" + name + "\"");
  }
}

TEST(EnvName, RefusesATaskThatDoesNotExist) {
  std::string known;
  for (const TaskSpec& task : tasks()) known += (known.empty() ? "" : ", ") + task.name;

  EXPECT_EQ(refusal_of("MoveToMoon-Demo-v0"),
            "environment name \"MoveToMoon-Demo-v0\": task: expected one of " + known +
                ", got \"MoveToMoon\"");
}

TEST(EnvName, RefusesAVariantThatTheTaskDoesNotHave) {
  EXPECT_EQ(refusal_of("MoveToRegion-TestCountPlus-v0"),
            "environment name \"MoveToRegion-TestCountPlus-v0\": variant: expected one of Demo, "
            "TestJitter, TestColour, TestLayout, TestDynamics, TestAll for MoveToRegion, got "
            "\"TestCountPlus\"");
}

TEST(EnvName, RefusesAnUnknownPreprocessor) {
  EXPECT_EQ(refusal_of("MakeLine-Demo-LoRes5A-v0"),
            "environment name \"MakeLine-Demo-LoRes5A-v0\": preprocessor: expected one of LoRes4A, "
            "LoRes4E, LoRes3EA, LoResCHW4E, LoResStack, or none, got \"LoRes5A\"");
}

TEST(EnvName, RefusesAnotherVersion) {
  for (const std::string version : {"v1", "v", "v00", "version"}) {
    EXPECT_EQ(refusal_of("MakeLine-Demo-" + version),
              "environment name \"MakeLine-Demo-" + version + "\": version: expected v0, got \"" +
                  version + "\"");
  }
}

}  // namespace
}  // namespace mint::envs
