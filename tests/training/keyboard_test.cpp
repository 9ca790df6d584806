// The real program with a window on a screen in memory, and somebody who presses keys.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include <gtest/gtest.h>

#include "envs/caption.h"
#include "envs/env.h"
#include "envs/image.h"
#include "envs/state_vector.h"
#include "envs/window.h"
#include "tests/support/files.h"
#include "tests/support/png.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/virtual_display.h"
#include "training/commands/look.h"
#include "training/demonstrations.h"
#include "training/recording.h"

namespace mint::training {
namespace {

using tests::run_mint;

class Keyboard : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (tests::VirtualDisplay::is_available()) display_ = std::make_unique<tests::VirtualDisplay>();
  }
  static void TearDownTestSuite() { display_.reset(); }
  void SetUp() override {
    MINT_NEEDS_PROGRAM();
    MINT_NEEDS_DISPLAY();
  }
  void TearDown() override {
    if (display_) display_->act("keyup Up keyup Down keyup Left keyup space");
    if (process_ > 0) {
      kill(process_, SIGKILL);
      tests::wait_for(process_);
    }
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string out() const { return tests::read_file(path("out")); }
  const tests::VirtualDisplay& display() const { return *display_; }
  int process() const { return process_; }

  void start(const std::vector<std::string>& arguments) {
    process_ = tests::start_mint(arguments, display_->variables(), path("out"));
    ASSERT_TRUE(display_->wait_for_window("mint " + arguments[0]));
  }

  // Presses Enter until the program has said `words`.
  void press_enter_until(const std::string& words) {
    for (int i = 0; i < 200 && out().find(words) == std::string::npos; ++i) {
      display_->act("key Return");
      usleep(50000);
    }
    ASSERT_NE(out().find(words), std::string::npos) << out();
  }

  int wait_for_end() {
    const int exit_code = tests::wait_for(process_);
    process_ = -1;
    return exit_code;
  }

 private:
  static inline std::unique_ptr<tests::VirtualDisplay> display_;  // none where it is not installed
  tests::TemporaryFolder folder_;
  int process_ = -1;
};

// The episode is what comes out when its actions are executed in its scene.
void expect_replays(const Episode& episode, const std::string& task, const std::string& variant) {
  envs::Env env(task, variant);
  env.reset(episode.seed);
  double score = 0;
  for (int64_t t = 0; t < episode.length(); ++t) {
    std::vector<double> row;
    envs::append_state(env.state(), row);
    const size_t first = static_cast<size_t>(t) * row.size();
    ASSERT_GE(episode.states.size(), first + row.size());
    EXPECT_TRUE(std::equal(row.begin(), row.end(), episode.states.begin() + first)) << t;
    const auto& frame = env.frame();
    EXPECT_TRUE(std::equal(frame.begin(), frame.end(),
                           episode.frames.begin() + t * envs::kObservationBytes))
        << t;
    score = env.step(episode.actions[static_cast<size_t>(t)]).score;
  }
  EXPECT_EQ(episode.score, score);
  EXPECT_EQ(episode.length(), env.task().episode_length);
}

TEST_F(Keyboard, RecordsWhatIsPressedInAsManyEpisodesAsAskedFor) {
  start({"record", "--by", "keyboard", "--task", "MoveToRegion-TestJitter-LoRes4A-v0", "-n", "2",
         "-o", path("a.h5"), "--speed", "100", "--seed", "5"});
  ASSERT_TRUE(display().act("keydown Up keydown space"));
  press_enter_until("kept demo_0");
  ASSERT_TRUE(display().act("keyup space keydown Left"));
  press_enter_until("2 episodes, 80 samples");

  EXPECT_EQ(wait_for_end(), 0);

  const auto check = check_demonstrations(path("a.h5"));
  EXPECT_TRUE(check.is_closed);
  EXPECT_TRUE(check.damage.empty());
  EXPECT_FALSE(std::filesystem::exists(path("a.h5.partial")));
  const auto episodes = load_demonstrations(path("a.h5"));
  ASSERT_EQ(episodes.size(), 2u);
  for (int i = 0; i < 2; ++i) {
    const Episode& episode = episodes[static_cast<size_t>(i)];
    EXPECT_EQ(episode.env_name, "MoveToRegion-TestJitter-v0");
    EXPECT_EQ(episode.source, "keyboard");
    EXPECT_EQ(episode.seed, recording_seed(5, "MoveToRegion", "TestJitter", i));
    EXPECT_TRUE(episode.executed_actions.empty());
    expect_replays(episode, "MoveToRegion", "TestJitter");
  }
  EXPECT_EQ(episodes[0].actions.back(), 10);  // up, closed
  EXPECT_EQ(episodes[1].actions.back(), 4);   // up, left, open
}

TEST_F(Keyboard, KillingTheProgramLosesTheEpisodeInHandAlone) {
  const std::vector<std::string> arguments = {
      "record", "--by", "keyboard", "--task", "MoveToRegion", "-o", path("a.h5"), "--speed", "100"};
  start(arguments);
  ASSERT_TRUE(display().act("keydown Up"));
  press_enter_until("kept demo_0");

  kill(process(), SIGKILL);  // Up is still held, so the second episode is under way
  EXPECT_EQ(wait_for_end(), 128 + SIGKILL);

  EXPECT_FALSE(std::filesystem::exists(path("a.h5")));
  const auto episodes = load_demonstrations(path("a.h5.partial"));
  ASSERT_GE(episodes.size(), 1u);
  expect_replays(episodes[0], "MoveToRegion", "Demo");
  EXPECT_EQ(episodes[0].actions, std::vector<int>(40, 1));

  const auto again = run_mint(arguments, display().variables());
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_NE(
      again.err.find("a.h5.partial: file: expected none, got the episodes of a killed recording"),
      std::string::npos)
      << again.err;
  EXPECT_EQ(load_demonstrations(path("a.h5.partial")).size(), episodes.size());
}

TEST_F(Keyboard, EscapeWithoutAKeptEpisodeLeavesNoFile) {
  start({"record", "--by", "keyboard", "--task", "MoveToRegion", "-o", path("a.h5")});
  ASSERT_TRUE(display().act("keydown Up key Return key r key Escape"));

  EXPECT_EQ(wait_for_end(), 1);

  EXPECT_FALSE(std::filesystem::exists(path("a.h5")));
  EXPECT_FALSE(std::filesystem::exists(path("a.h5.partial")));
}

TEST_F(Keyboard, CtrlCKeepsWhatWasKept) {
  start({"record", "--by", "keyboard", "--task", "MoveToRegion", "-o", path("a.h5"), "--speed",
         "100"});
  ASSERT_TRUE(display().act("keydown Down"));
  press_enter_until("kept demo_0");

  kill(process(), SIGINT);

  EXPECT_EQ(wait_for_end(), 130);
  EXPECT_TRUE(check_demonstrations(path("a.h5")).is_closed);
}

// Between two keys a frame is shown, so the picture at the end is known to the pixel.
TEST_F(Keyboard, PlayPausesStepsAndChangesWhatIsShown) {
  start({"play", "FindDupe", "--seed", "3", "--speed", "20", "--screenshot", path("last.png")});
  ASSERT_TRUE(
      display().act("key p key r keydown Up key period key period key period key m key c key c "
                    "key k key Escape"));

  EXPECT_EQ(wait_for_end(), 0);

  envs::Env env("FindDupe", "Demo");
  env.reset(3);
  for (int i = 0; i < 3; ++i) env.step(1);
  Look look;
  look.cameras = Cameras::kBoth;
  look.shows_masks = true;
  const envs::Image picture = picture_of(env, look, nullptr);
  envs::Image expected;
  envs::caption(
      picture, envs::enlargement(picture, envs::kWindowSize_px),
      {"FindDupe-Demo", "seed 3", "step 3/100", "score 0.00", "paused: P goes on, period steps"},
      expected);
  const envs::Image shown = tests::read_png(path("last.png"));
  EXPECT_EQ(shown.width, 1536);
  EXPECT_EQ(shown.height, 768);
  EXPECT_TRUE(shown.rgb == expected.rgb);
  EXPECT_EQ(out(), "");  // no episode came to its end
}

}  // namespace
}  // namespace mint::training
