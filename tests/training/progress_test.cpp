#include "training/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace mint::training {
namespace {

struct Fixture {
  std::ostringstream stream;
  double now_s = 1000;

  ProgressOutput output(bool is_terminal, int width = 100) {
    return {&stream, is_terminal, width, [this] { return now_s; }};
  }
};

TEST(DurationText, ShowsMinutesAndHours) {
  EXPECT_EQ(duration_text(-1), "0:00");
  EXPECT_EQ(duration_text(7.4), "0:07");
  EXPECT_EQ(duration_text(754), "12:34");
  EXPECT_EQ(duration_text(3723), "1:02:03");
}

TEST(Progress, WritesOneLineAMinuteIntoAPipe) {
  Fixture f;
  {
    Progress progress("clone", 240, "steps", f.output(false));
    for (int step = 1; step <= 240; ++step) {
      f.now_s += 0.5;
      progress.update(step, "loss 0.5");
    }
    progress.finish();
  }

  EXPECT_EQ(f.stream.str(),
            "clone: 240 steps\n"
            "clone  50 %  120/240 steps  1:00 left  loss 0.5\n"
            "clone 100 %  240/240 steps  0:00 left  loss 0.5\n"
            "clone: 240/240 steps in 2:00  loss 0.5\n");
}

TEST(Progress, DrawsABarAtMostTenTimesASecondOnATerminal) {
  Fixture f;
  Progress progress("clone", 200, "steps", f.output(true));
  f.stream.str("");
  for (int step = 1; step <= 100; ++step) {
    f.now_s += 0.01;
    progress.update(step);
  }
  const std::string drawn = f.stream.str();
  progress.finish();

  EXPECT_NEAR(static_cast<double>(std::count(drawn.begin(), drawn.end(), '\r')), 9.5, 1.0);
  EXPECT_NE(drawn.find("\r\x1b[Kclone [=>"), std::string::npos) << drawn;
  EXPECT_EQ(drawn.find('\n'), std::string::npos);
}

TEST(Progress, ABarNeverWraps) {
  Fixture f;
  Progress progress("clone", 200, "steps", f.output(true, 40));
  f.stream.str("");
  f.now_s += 1;
  progress.update(100, std::string(200, 'x'));

  EXPECT_LE(f.stream.str().size(), 40u + 4u);  // and the four bytes that clear the line
  progress.finish();
}

TEST(Progress, SaysWhereItStopped) {
  Fixture f;
  try {
    Progress progress("clone", 10, "steps", f.output(false));
    progress.update(3);
    f.now_s += 5;
    throw 1;
  } catch (int) {
  }

  EXPECT_EQ(f.stream.str(), "clone: 10 steps\nclone: stopped at 3/10 steps after 0:05\n");
}

TEST(Progress, AResumedLoopCountsItsRateFromWhereItBegan) {
  Fixture f;
  Progress progress("clone", 200, "steps", f.output(false));
  f.stream.str("");
  for (int step = 101; step <= 130; ++step) {
    f.now_s += 2;
    progress.update(step);
  }

  EXPECT_EQ(f.stream.str(), "clone  65 %  130/200 steps  2:20 left\n");
  progress.finish();
}

}  // namespace
}  // namespace mint::training
