#include "training/multiply.h"

#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

#include "envs/image.h"
#include "envs/state_vector.h"
#include "envs/task.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "training/recording.h"

namespace mint::training {
namespace {

std::vector<Episode> record(const std::string& task, int episodes,
                            const std::string& variant = "Demo") {
  RecordingConfig config;
  config.task = task;
  config.variant = variant;
  config.episodes = episodes;
  std::vector<Episode> all;
  record_expert(config, [&](const Episode& episode) { all.push_back(episode); });
  return all;
}

class Multiply : public testing::Test {
 protected:
  std::string write(const std::vector<Episode>& episodes) const {
    const std::string file = (folder_.path() / "demos.h5").string();
    DemonstrationWriter writer(file);
    for (const Episode& episode : episodes) writer.add(episode);
    writer.close();
    return file;
  }

  std::vector<MultiplySources> read(const std::string& file, const std::string& task = "") {
    return read_multiply_sources(
        file, task, 2, [](int64_t, int64_t) {}, remarks_);
  }

  static std::vector<Episode> make(const MultiplySources& sources, const MultiplyConfig& config) {
    std::vector<Episode> episodes;
    multiply(sources, "demos.h5", config, [&](const Episode& e) { episodes.push_back(e); });
    return episodes;
  }

  std::vector<std::string> remarks_;

 private:
  tests::TemporaryFolder folder_;
};

MultiplyConfig three_episodes() {
  MultiplyConfig config;
  config.episodes = 3;
  return config;
}

TEST_F(Multiply, MakesEpisodesOfDemoThatScoreOne) {
  const auto sources = read(write(record("MoveToCorner", 2)));
  ASSERT_EQ(sources.size(), 1u);

  const auto episodes = make(sources[0], three_episodes());

  ASSERT_EQ(episodes.size(), 3u);
  std::set<double> starts;
  for (const Episode& episode : episodes) {
    EXPECT_EQ(episode.env_name, "MoveToCorner-Demo-v0");
    EXPECT_EQ(episode.score, 1);
    EXPECT_EQ(episode.length(), 80);
    EXPECT_EQ(episode.frames.size(), 81u * envs::kObservationBytes);
    starts.insert(episode.states[0]);
  }
  EXPECT_EQ(starts.size(), 3u);
}

TEST_F(Multiply, TakesTheDemonstrationsInTurnAndNamesThem) {
  const auto sources = read(write(record("MoveToCorner", 2)));

  const auto episodes = make(sources.at(0), three_episodes());

  EXPECT_EQ(episodes.at(0).source, "multiplied:demos.h5:demo_0");
  EXPECT_EQ(episodes.at(1).source, "multiplied:demos.h5:demo_1");
  EXPECT_EQ(episodes.at(2).source, "multiplied:demos.h5:demo_0");
}

TEST_F(Multiply, StartsAsFarFromDemoAsItIsTold) {
  const auto sources = read(write(record("MoveToCorner", 1)));
  MultiplyConfig config;
  config.episodes = 10;
  config.jitter = {0.01, 0.1};

  const auto episodes = make(sources.at(0), config);

  const envs::Scene demo = envs::sample_scene("MoveToCorner", "Demo", 0);
  for (const Episode& episode : episodes) {
    const envs::State start = envs::state_from_row(episode.states.data(), 28);
    EXPECT_NEAR(start.robot.pose.x, demo.robot.x, 0.01);
    EXPECT_NEAR(start.robot.pose.angle, demo.robot.angle, 0.1);
    EXPECT_NEAR(start.blocks[0].pose.y, demo.blocks[0].pose.y, 0.01);
  }
}

TEST_F(Multiply, MakesTheSameOfFramesAsOfStates) {
  auto demonstrations = record("MoveToCorner", 1);
  const auto with_states = make(read(write(demonstrations)).at(0), three_episodes());
  demonstrations[0].states.clear();
  const tests::TemporaryFolder other;
  const std::string file = (other.path() / "demos.h5").string();
  DemonstrationWriter writer(file);
  writer.add(demonstrations[0]);
  writer.close();

  const auto with_frames = make(read(file).at(0), three_episodes());

  ASSERT_EQ(with_frames.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(with_frames[i].score, 1);
    EXPECT_EQ(with_frames[i].states[0], with_states[i].states[0]);  // the same start
  }
}

TEST_F(Multiply, DoesNotDependOnTheNumberOfThreads) {
  const auto sources = read(write(record("MoveToCorner", 2)));
  MultiplyConfig config = three_episodes();
  const auto one = make(sources.at(0), config);
  config.jobs = 3;

  const auto three = make(sources.at(0), config);

  ASSERT_EQ(one.size(), three.size());
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].actions, three[i].actions);
    EXPECT_EQ(one[i].states, three[i].states);
    EXPECT_EQ(one[i].frames, three[i].frames);
  }
}

TEST_F(Multiply, DrivesTheRobotWhereThereIsNoBlock) {
  const auto episodes = make(read(write(record("MoveToRegion", 1))).at(0), three_episodes());

  EXPECT_EQ(episodes.size(), 3u);
}

TEST_F(Multiply, SelectsATask) {
  auto demonstrations = record("MoveToCorner", 1);
  demonstrations.push_back(record("MoveToRegion", 1)[0]);
  const std::string file = write(demonstrations);

  EXPECT_EQ(read(file).size(), 2u);
  EXPECT_EQ(read(file, "MoveToRegion").at(0).task, "MoveToRegion");
  EXPECT_EQ(tests::error_of([&] { read(file, "MakeLine"); }),
            file + ": expected demonstrations of MakeLine, got MoveToCorner, MoveToRegion");
}

TEST_F(Multiply, RefusesDemonstrationsOfAnotherVariant) {
  const std::string file = write(record("MoveToRegion", 1, "TestJitter"));

  EXPECT_EQ(tests::error_of([&] { read(file); }),
            file +
                ": demo_0: MoveToRegion: expected a demonstration in Demo, got TestJitter; the "
                "other variants are for tests");
}

TEST_F(Multiply, LeavesOutADemonstrationThatMovesNoBlock) {
  auto demonstrations = record("MoveToCorner", 1);
  EpisodeRecorder idle("MoveToCorner", "Demo");
  idle.start(0);
  while (!idle.is_at_end()) idle.step(0);
  demonstrations.push_back(idle.episode("keyboard"));
  demonstrations[1].score = 1;
  const std::string file = write(demonstrations);

  EXPECT_EQ(read(file).at(0).demonstrations.size(), 1u);
  ASSERT_EQ(remarks_.size(), 1u);
  EXPECT_EQ(remarks_[0], "note: " + file +
                             ": left out demo_1: states: expected a block that is moved, got none");
}

TEST_F(Multiply, NeedsOneDemonstrationOfATask) {
  auto demonstrations = record("MoveToCorner", 1);
  demonstrations[0].source = "multiplied:more.h5:demo_0";
  const std::string file = write(demonstrations);

  EXPECT_EQ(tests::error_of([&] { read(file); }),
            file +
                ": MoveToCorner: expected a demonstration to multiply, got none; demo_0: source: "
                "expected a demonstration, got an episode made by mint multiply");
}

TEST_F(Multiply, GivesUpWhenNoTrialSucceeds) {
  const auto sources = read(write(record("MoveToCorner", 1)));
  MultiplyConfig config = three_episodes();
  config.noise = 1;

  const std::string error = tests::error_of([&] { make(sources.at(0), config); });

  EXPECT_EQ(error,
            "multiply: MoveToCorner: expected an episode of score 1, got none in 8 trials; "
            "try less noise or less jitter");
}

}  // namespace
}  // namespace mint::training
