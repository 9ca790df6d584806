// The real program doing its work: record, multiply, import-magical, play.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/magical_demonstration.h"
#include "tests/support/png.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"
#include "training/demonstrations.h"

namespace mint::training {
namespace {

using tests::run_mint;

class Commands : public testing::Test {
 protected:
  void SetUp() override { MINT_NEEDS_PROGRAM(); }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  static std::string read(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  // The two demonstrations of a made-up folder, with 2 and 1 actions.
  std::string write_demonstrations() const {
    std::filesystem::create_directory(path("demos"));
    tests::MagicalRecipe recipe;
    recipe.env_name = "MatchRegions-Demo-v0";
    tests::write_magical_demonstration(path("demos/demo-b.pkl.gz"), recipe);
    recipe.env_name = "MoveToRegion-Demo-v0";
    recipe.actions = {3};
    recipe.actions_shape = 1;
    recipe.frames = 2;
    recipe.rewards = 1;
    tests::write_magical_demonstration(path("demos/demo-a.pkl.gz"), recipe);
    return path("demos");
  }

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(Commands, RecordGivesTheSameBytesForTheSameSeed) {
  const std::vector<std::string> start = {"record", "--task", "MoveToRegion", "-n", "2", "-o"};
  const auto record = [&](const std::string& name, const std::string& seed) {
    auto arguments = start;
    arguments.insert(arguments.end(), {path(name), "--seed", seed});
    const auto result = run_mint(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.out.rfind(path(name) + ": 2 episodes, 80 samples, ", 0), 0u) << result.out;
    return read(path(name));
  };

  const std::string first = record("a.h5", "5");

  EXPECT_EQ(record("b.h5", "5"), first);
  EXPECT_NE(record("c.h5", "6"), first);
}

TEST_F(Commands, InspectListsWhatWasRecorded) {
  ASSERT_EQ(run_mint({"record", "--task", "MoveToRegion", "-n", "2", "-o", path("a.h5")}).exit_code,
            0);

  const auto result = run_mint({"inspect", path("a.h5")});

  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.out.find("demo_1"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("MoveToRegion-Demo-v0"), std::string::npos) << result.out;
}

TEST_F(Commands, RecordSavesWhatItHasWhenInterrupted) {
  const std::string partial = path("a.h5.partial");
  const int process =
      tests::start_mint({"record", "--task", "MoveToRegion", "-n", "100000", "-o", path("a.h5")});
  for (int i = 0; i < 3000 && !std::filesystem::exists(partial); ++i) usleep(10000);

  kill(process, SIGINT);

  EXPECT_EQ(tests::wait_for(process), 130);
  EXPECT_FALSE(std::filesystem::exists(path("a.h5")));
  EXPECT_GE(load_demonstrations(partial).size(), 1u);
}

TEST_F(Commands, MultiplyGivesTheSameBytesForAnyNumberOfThreads) {
  ASSERT_EQ(run_mint({"record", "--task", "MoveToCorner", "-n", "2", "-o", path("a.h5")}).exit_code,
            0);
  const auto multiply = [&](const std::string& name, const std::string& jobs) {
    return run_mint({"multiply", path("a.h5"), "-n", "5", "-o", path(name), "--jobs", jobs});
  };

  const auto result = multiply("b.h5", "1");

  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.rfind("MoveToCorner: 5 of ", 0), 0u) << result.out;
  EXPECT_NE(result.out.find(path("b.h5") + ": 5 episodes, 400 samples, "), std::string::npos);
  EXPECT_EQ(multiply("c.h5", "3").exit_code, 0);
  EXPECT_EQ(read(path("b.h5")), read(path("c.h5")));
  EXPECT_EQ(multiply("b.h5", "1").exit_code, 1);  // does not replace a file
}

TEST_F(Commands, MultiplyKeepsWhatItHasWhenInterrupted) {
  ASSERT_EQ(run_mint({"record", "--task", "MoveToRegion", "-n", "1", "-o", path("a.h5")}).exit_code,
            0);
  const std::string partial = path("b.h5.partial");
  const int process =
      tests::start_mint({"multiply", path("a.h5"), "-n", "100000", "-o", path("b.h5")});
  const auto has_episodes = [&] {
    std::error_code missing;
    const auto size = std::filesystem::file_size(partial, missing);
    return !missing && size > 200000;
  };
  for (int i = 0; i < 3000 && !has_episodes(); ++i) usleep(10000);

  kill(process, SIGINT);

  EXPECT_EQ(tests::wait_for(process), 130);
  EXPECT_FALSE(std::filesystem::exists(path("b.h5")));
  EXPECT_GE(load_demonstrations(partial).size(), 1u);
}

TEST_F(Commands, MultiplyKnowsItsTasks) {
  const auto result = run_mint({"multiply", path("a.h5"), "--task", "MakeLin", "-o", path("b.h5")});

  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err.rfind("mint: command line: ", 0), 0u) << result.err;
}

TEST_F(Commands, ImportReadsAllFilesInTheOrderOfTheirNames) {
  const auto result = run_mint({"import-magical", write_demonstrations(), "-o", path("demos.h5")});

  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(
      result.out,
      "note: magical:demo-a.pkl.gz: an episode of MoveToRegion has 40 actions, this one 1\n"
      "note: magical:demo-b.pkl.gz: an episode of MatchRegions has 120 actions, this one 2\n" +
          path("demos.h5") + ": 2 episodes, 3 samples, 0.1 MB\n");
  const auto episodes = load_demonstrations(path("demos.h5"));
  ASSERT_EQ(episodes.size(), 2u);
  EXPECT_EQ(episodes[0].source, "magical:demo-a.pkl.gz");
  EXPECT_EQ(episodes[1].env_name, "MatchRegions-Demo-v0");
}

TEST_F(Commands, PlayShowsATaskAndWritesTheLastFrame) {
  const auto result = run_mint({"play", "MoveToRegion", "--episodes", "1", "--speed", "1000",
                                "--seed", "3", "--screenshot", path("last.png")},
                               {"SDL_VIDEODRIVER=dummy"});

  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "MoveToRegion-Demo: seed 3: score 0.00 after 40 of 40 steps\n");
  EXPECT_EQ(tests::read_png(path("last.png")).width, 768);
}

TEST_F(Commands, PlayShowsTheEpisodesOfADemonstrationFileInTurn) {
  ASSERT_EQ(run_mint({"import-magical", write_demonstrations(), "-o", path("demos.h5")}).exit_code,
            0);
  const auto play = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"play", path("demos.h5"), "--speed", "1000"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_mint(arguments, {"SDL_VIDEODRIVER=dummy"});
  };
  const std::string first = "demo_0: MoveToRegion-Demo-v0: score 1.00 after 1 steps\n";
  const std::string second = "demo_1: MatchRegions-Demo-v0: score 1.00 after 2 steps\n";

  EXPECT_EQ(play({"--episodes", "3"}).out, first + second + first);
  EXPECT_EQ(play({"--episodes", "1", "--episode", "demo_1"}).out, second);
  EXPECT_EQ(play({"--episodes", "1", "--task", "MatchRegions"}).out, second);
  EXPECT_NE(play({"--episode", "demo_2"}).err.find("expected demo_2, got 2 other demonstrations"),
            std::string::npos);
}

TEST_F(Commands, PlayShowsARealWindowUnderXvfb) {
  if (std::system("command -v xvfb-run xauth >/dev/null") != 0) {
    GTEST_SKIP() << "no xvfb-run; apt-get install xvfb xauth";
  }
  const std::string command =
      std::string("env -u SDL_VIDEODRIVER ASAN_OPTIONS=detect_leaks=0 xvfb-run -a '") +
      getenv("MINT_PROGRAM") + "' play MoveToCorner --episodes 1 --speed 1000 --screenshot '" +
      path("last.png") + "' >/dev/null";

  EXPECT_EQ(std::system(command.c_str()), 0);

  EXPECT_EQ(tests::read_png(path("last.png")).width, 768);
}

TEST_F(Commands, PlayWithoutADisplaySaysSoInOneLine) {
  const auto result =
      run_mint({"play", "MoveToRegion"}, {"SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"});

  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err.rfind("mint: window: display: expected one that SDL can open", 0), 0u)
      << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1);
}

}  // namespace
}  // namespace mint::training
