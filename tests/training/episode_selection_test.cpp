#include "training/episode_selection.h"

#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace mint::training {
namespace {

Episode episode_of(const std::string& task, uint64_t seed, int size = 2) {
  Episode episode;
  episode.env_name = task + "-Demo-v0";
  episode.seed = seed;
  episode.source = "expert";
  episode.score = 1;
  episode.actions = {0};
  episode.height = episode.width = size;
  episode.frames.assign(2 * size * size * 3, static_cast<uint8_t>(seed));
  return episode;
}

std::vector<uint64_t> seeds(const std::vector<Episode>& episodes) {
  std::vector<uint64_t> list;
  for (const Episode& episode : episodes) list.push_back(episode.seed);
  return list;
}

class EpisodeSelectionTest : public ::testing::Test {
 protected:
  std::string write(const std::vector<Episode>& episodes) {
    const std::string file = folder_.path() / (std::to_string(++files_) + ".h5");
    DemonstrationWriter writer(file);
    for (const Episode& episode : episodes) writer.add(episode);
    writer.close();
    return file;
  }

  tests::TemporaryFolder folder_;
  int files_ = 0;
};

TEST_F(EpisodeSelectionTest, TakesTheFirstOfEachTaskAndHoldsOutTheNext) {
  const auto one = write({episode_of("MakeLine", 1), episode_of("MoveToRegion", 2),
                          episode_of("MakeLine", 3), episode_of("MakeLine", 4)});
  const auto two = write({episode_of("MoveToRegion", 5), episode_of("MoveToRegion", 6)});

  const auto selection = select_episodes({{one, two}, {}, /*demos*/ 2, /*held out*/ 1});

  EXPECT_EQ(seeds(selection.train), (std::vector<uint64_t>{1, 3, 2, 5}));
  EXPECT_EQ(seeds(selection.held_out), (std::vector<uint64_t>{4, 6}));
}

TEST_F(EpisodeSelectionTest, ChoosesWithoutReading) {
  const auto file = write({episode_of("MakeLine", 1), episode_of("MoveToRegion", 2),
                           episode_of("MakeLine", 3), episode_of("MakeLine", 4)});

  const auto choice = choose_episodes({{file}, {"MakeLine"}, 2, 1});
  const auto second = read_episode(choice.train.at(1));

  EXPECT_EQ(choice.train.size(), 2u);
  EXPECT_EQ(choice.held_out.at(0).info.name, "demo_3");
  EXPECT_EQ(second.seed, 3u);
  EXPECT_EQ(second.frames, episode_of("MakeLine", 3).frames);
}

TEST_F(EpisodeSelectionTest, TrainsOnFewerWhereThereAreNotEnoughToHoldOut) {
  const auto file = write({episode_of("MakeLine", 1), episode_of("MakeLine", 2)});

  const auto selection = select_episodes({{file}, {}, 24, 1});

  EXPECT_EQ(seeds(selection.train), std::vector<uint64_t>{1});
  EXPECT_EQ(seeds(selection.held_out), std::vector<uint64_t>{2});
}

TEST_F(EpisodeSelectionTest, LeavesOtherTasksAlone) {
  const auto file = write({episode_of("MakeLine", 1), episode_of("MoveToRegion", 2)});

  const auto selection = select_episodes({{file}, {"MoveToRegion"}, 0, 0});

  EXPECT_EQ(seeds(selection.train), std::vector<uint64_t>{2});
}

TEST_F(EpisodeSelectionTest, DoesWithoutTasksThatTheFilesDoNotHold) {
  const auto file = write({episode_of("MakeLine", 1), episode_of("MakeLine", 2)});

  const auto selection = select_episodes({{file}, {"MoveToCorner", "MakeLine"}, 24, 1});

  EXPECT_EQ(seeds(selection.train), std::vector<uint64_t>{1});
}

TEST_F(EpisodeSelectionTest, NeedsAnEpisodeBesideThoseHeldOut) {
  const auto file = write({episode_of("MakeLine", 1)});

  EXPECT_THROW(select_episodes({{file}, {}, 24, 1}), std::runtime_error);
}

TEST_F(EpisodeSelectionTest, NamesATaskWithoutDemonstrations) {
  const auto file = write({episode_of("MakeLine", 1)});

  try {
    select_episodes({{file}, {"MoveToCorner"}, 24, 1});
    FAIL() << "expected an exception";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()),
              file + ": expected demonstrations of MoveToCorner, got none");
  }
}

TEST_F(EpisodeSelectionTest, RefusesFramesOfDifferentSizes) {
  const auto file = write({episode_of("MakeLine", 1, 2), episode_of("MakeLine", 2, 4)});

  EXPECT_THROW(select_episodes({{file}, {}, 24, 0}), std::runtime_error);
}

TEST_F(EpisodeSelectionTest, RefusesDemonstrationsInATestVariant) {
  Episode jittered = episode_of("MakeLine", 2);
  jittered.env_name = "MakeLine-TestJitter-v0";
  const auto file = write({episode_of("MakeLine", 1), jittered, episode_of("MoveToRegion", 3)});

  EXPECT_EQ(tests::error_of([&] {
              select_episodes({{file}, {}, 24, 0});
            }),
            file +
                ": MakeLine: expected demonstrations in Demo, got TestJitter; the other variants "
                "are for tests");
  EXPECT_EQ(seeds(select_episodes({{file}, {"MoveToRegion"}, 24, 0}).train),
            std::vector<uint64_t>{3});
}

}  // namespace
}  // namespace mint::training
