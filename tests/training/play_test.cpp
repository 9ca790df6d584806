// `mint play` without a window, in this process: starting the program takes long.
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "envs/caption.h"
#include "envs/env.h"
#include "envs/preprocessor.h"
#include "perception/video_reader.h"
#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/png.h"
#include "tests/support/temporary_folder.h"
#include "training/commands/commands.h"
#include "training/commands/look.h"
#include "training/config_error.h"
#include "training/demonstrations.h"
#include "training/image_tensor.h"
#include "training/video_frames.h"

namespace mint::training {
namespace {

class Play : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  bool is_folder_empty() const { return std::filesystem::is_empty(folder_.path()); }

  static PlayOptions headless(const std::string& what) {
    PlayOptions options;
    options.what = what;
    options.is_headless = true;
    return options;
  }

  // What it prints.
  static std::string played(const PlayOptions& options) {
    testing::internal::CaptureStdout();
    const int exit_code = play(options);
    const std::string out = testing::internal::GetCapturedStdout();
    EXPECT_EQ(exit_code, 0);
    return out;
  }

  // Two episodes of two actions; frames of one colour each.
  std::string write_demonstrations() const {
    DemonstrationWriter writer(path("demos.h5"));
    for (const uint8_t grey : {10, 20}) {
      Episode episode;
      episode.env_name = "MoveToRegion-Demo-v0";
      episode.source = "expert";
      episode.actions = {1, 0};
      episode.height = episode.width = 96;
      episode.frames.assign(3 * 96 * 96 * 3, grey);
      writer.add(episode);
    }
    writer.close();
    return path("demos.h5");
  }

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(Play, TheExpertPlaysWithoutAWindowAndItsScoresAreAveraged) {
  PlayOptions options = headless("MoveToCorner");
  options.variant = "TestJitter";
  options.by = "expert";
  options.episodes = 3;
  options.seed = 4;

  std::istringstream out(played(options));

  std::string line;
  for (const char* seed : {"4", "5", "6"}) {
    std::getline(out, line);
    EXPECT_EQ(line.rfind(std::string("MoveToCorner-TestJitter: seed ") + seed + ": score ", 0), 0u)
        << line;
    EXPECT_NE(line.find(" after 80 of 80 steps"), std::string::npos) << line;
  }
  std::getline(out, line);
  EXPECT_EQ(line, "MoveToCorner-TestJitter: mean score 1.00 of 3 episodes");
  EXPECT_FALSE(std::getline(out, line));
}

TEST_F(Play, ListsEveryTaskInEveryVariant) {
  PlayOptions options;
  options.lists = true;

  const std::string out = "\n" + played(options);

  size_t lines = 0;
  for (const envs::TaskSpec& task : envs::tasks()) {
    for (const std::string& variant : task.variants) {
      ++lines;
      const size_t at = out.find("\n" + task.name + "-" + variant + "-v0 ");
      ASSERT_NE(at, std::string::npos) << task.name << " " << variant;
      const std::string line = out.substr(at + 1, out.find('\n', at + 1) - at - 1);
      EXPECT_NE(line.find(" " + std::to_string(task.episode_length) + " steps "), std::string::npos)
          << line;
    }
  }
  EXPECT_GE(lines, 60u);  // of the original
  for (const envs::Preprocessor preprocessor : envs::kPreprocessors) {
    EXPECT_NE(out.find(envs::to_string(preprocessor), out.find("Preprocessors")),
              std::string::npos);
  }
}

// Steps 0 to 40, and the last moment eight times more.
TEST_F(Play, FilmsEveryMomentInTheColoursOfTheTask) {
  PlayOptions options = headless("MoveToRegion");
  options.video = path("film.gif");
  options.hides_text = true;

  const std::string out = played(options);

  EXPECT_NE(out.find("\n" + path("film.gif") + ": 49 frames, 384 x 384\n"), std::string::npos)
      << out;
  const torch::Tensor frames = read_frames(path("film.gif"), {}).frames;
  ASSERT_EQ(frames.size(0), 49);
  EXPECT_NEAR(perception::VideoReader(path("film.gif")).frames_per_s(), 8, 0.1);
  envs::Env env("MoveToRegion", "Demo");
  env.reset(0);
  const envs::Image first = env.full_frame();
  EXPECT_TRUE(torch::equal(frames[0], to_tensor(first.rgb, 384, 384)));
  EXPECT_FALSE(torch::equal(frames[40], frames[0]));
  EXPECT_TRUE(torch::equal(frames[48], frames[40]));
}

TEST_F(Play, ThePreprocessorOfANameChoosesTheCameras) {
  const auto shown = [&](const std::string& name, const std::string& camera) {
    PlayOptions options = headless(name);
    options.camera = camera;
    options.screenshot = path("last.png");
    options.hides_text = true;
    played(options);
    return tests::read_png(path("last.png"));
  };
  const envs::Image allo = shown("MoveToRegion-Demo-v0", "");
  const envs::Image ego = shown("MoveToRegion-Demo-v0", "ego");
  const envs::Image both = shown("MoveToRegion-Demo-v0", "both");

  EXPECT_EQ(allo.width, 768);
  EXPECT_EQ(both.width, 1536);
  EXPECT_EQ(both.height, 768);
  EXPECT_TRUE(std::equal(allo.rgb.begin(), allo.rgb.begin() + 3 * 768, both.rgb.begin()));
  EXPECT_TRUE(std::equal(ego.rgb.begin(), ego.rgb.begin() + 3 * 768, both.rgb.begin() + 3 * 768));
  EXPECT_TRUE(shown("MoveToRegion-Demo-LoRes4A-v0", "").rgb == allo.rgb);
  EXPECT_TRUE(shown("MoveToRegion-Demo-LoRes4E-v0", "").rgb == ego.rgb);
  EXPECT_TRUE(shown("MoveToRegion-Demo-LoResCHW4E-v0", "").rgb == ego.rgb);
  EXPECT_TRUE(shown("MoveToRegion-Demo-LoRes3EA-v0", "").rgb == both.rgb);
  EXPECT_TRUE(shown("MoveToRegion-Demo-LoResStack-v0", "").rgb == both.rgb);
  EXPECT_TRUE(shown("MoveToRegion-Demo-LoRes4E-v0", "allo").rgb == allo.rgb);
}

TEST_F(Play, FilmsTheEpisodesOfADemonstrationFileInTurn) {
  PlayOptions options = headless(write_demonstrations());
  options.video = path("film.avi");

  const std::string out = played(options);

  EXPECT_EQ(out,
            "demo_0: MoveToRegion-Demo-v0: score 0.00 after 2 steps\n"
            "demo_1: MoveToRegion-Demo-v0: score 0.00 after 2 steps\n" +
                path("film.avi") + ": 22 frames, 384 x 384\n");
  const torch::Tensor frames = read_frames(path("film.avi"), {}).frames;
  ASSERT_EQ(frames.size(0), 22);  // twice three moments and eight of the last one
  const auto grey_of = [&](int64_t i) { return frames[i][0][300][300].item<int>(); };
  EXPECT_NEAR(grey_of(10), 10, 2);
  EXPECT_NEAR(grey_of(11), 20, 2);
}

TEST_F(Play, SaysWhatIsWrongBeforeItPlays) {
  const auto message = [](const PlayOptions& options) {
    return tests::error_of<ConfigError>([&] { play(options); });
  };
  PlayOptions options = headless("MoveToCorner-TestLayout-v0");
  EXPECT_NE(message(options).find("variant: expected one of Demo, TestJitter"), std::string::npos);
  options = headless("MoveToCorner-Demo-LoRes9-v0");
  EXPECT_NE(message(options).find("preprocessor: expected one of LoRes4A"), std::string::npos);
  options = headless("MoveToCorner-Demo-v0");
  options.variant = "TestJitter";
  EXPECT_EQ(message(options),
            "command line: --variant: expected Demo, as in MoveToCorner-Demo-v0, got TestJitter");
  options = headless("MoveToCorner");
  options.by = "keyboard";
  EXPECT_NE(message(options).find("--headless: expected --by expert"), std::string::npos);
  options = headless("MoveToCorner");
  options.video = path("film.webm");
  EXPECT_NE(message(options).find("expected a name that ends in .mp4, .avi or .gif, got .webm"),
            std::string::npos);
  EXPECT_TRUE(is_folder_empty());
  options = headless(write_demonstrations());
  options.shows_masks = true;
  EXPECT_NE(message(options).find("--masks, --camera: expected a task or a policy"),
            std::string::npos);
}

TEST_F(Play, RefusesOptionsThatMeanNothingForWhatItPlays) {
  const auto message = [](const PlayOptions& options) {
    return tests::error_of<ConfigError>([&] { play(options); });
  };
  PlayOptions task = headless("MoveToCorner");
  task.episode = "demo_3";
  PlayOptions demonstrations = headless(write_demonstrations());
  demonstrations.variant = "TestJitter";

  EXPECT_EQ(message(task),
            "command line: play: --task, --episode: expected a demonstration file, got "
            "MoveToCorner");
  EXPECT_EQ(message(demonstrations),
            "command line: play: --variant: expected a task or a policy, got " + path("demos.h5"));
}

TEST_F(Play, ARunMayBeCalledLikeAnEnvironment) {
  std::filesystem::create_directory(path("corner-v2"));

  const auto message = tests::error_of([&] { play(headless(path("corner-v2"))); });

  EXPECT_EQ(message.rfind(path("corner-v2") + ": checkpoint: expected a run", 0), 0u) << message;
}

TEST_F(Play, AFilmThatCannotBeWrittenLeavesNothing) {
  PlayOptions options = headless("MoveToRegion");
  options.video = path("missing/film.gif");

  EXPECT_EQ(tests::error_of([&] { play(options); }),
            path("missing/film.gif") + ": cannot be written: No such file or directory");
  EXPECT_TRUE(is_folder_empty());
}

}  // namespace
}  // namespace mint::training
