#include "training/report.h"

#include <gtest/gtest.h>

#include <regex>

namespace mint::training {
namespace {

Report make_report() {
  Plot plot{"Loss", "step", "loss", {{"total", {{0, 1}, {1, 2}}}}};
  Scores scores{{make_score_row("A-Demo-v0", "A-TestJitter-v0", {1, 0.5}, "run")}};
  return {"Title <b>",
          "subtitle",
          {{"Scores", {Paragraph{"Mean & interval"}, scores}},
           {"Curves", {plot, plot, Facts{{{"seed", "0"}}}}},
           {"Media",
            {Pictures{{{"\x89PNG", "frame 0", true}, {"\xff\xd8\xff", "photo", false}}},
             Videos{{{"foobar", "rollout"}}}, Table{{"a"}, {{"1"}}},
             Details{"config.yaml", "<script>"}}}}};
}

TEST(Report, HoldsEverythingAndFetchesNothing) {
  const std::string page = report_html(make_report());

  EXPECT_EQ(page.rfind("<!DOCTYPE html>", 0), 0u);
  EXPECT_NE(page.find("data:image/png;base64,iVBORw=="), std::string::npos);
  EXPECT_NE(page.find("data:image/jpeg;base64,"), std::string::npos);
  EXPECT_NE(page.find("data:video/mp4;base64,Zm9vYmFy"), std::string::npos);
  EXPECT_NE(page.find(">0.75<"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);
}

TEST(Report, EscapesAllTexts) {
  const std::string page = report_html(make_report());

  EXPECT_NE(page.find("<h1>Title &lt;b&gt;</h1>"), std::string::npos);
  EXPECT_NE(page.find("Mean &amp; interval"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

TEST(Report, EveryElementIsClosed) {
  const std::string page = report_html(make_report());
  for (const std::string tag : {"div", "section", "figure", "table", "svg", "dl", "details"}) {
    const std::regex open("<" + tag + "[ >]");
    const std::regex close("</" + tag + ">");
    const auto found = [&](const std::regex& pattern) {
      return std::distance(std::sregex_iterator(page.begin(), page.end(), pattern),
                           std::sregex_iterator());
    };
    EXPECT_EQ(found(open), found(close)) << tag;
    EXPECT_GT(found(open), 0) << tag;
  }
}

}  // namespace
}  // namespace mint::training
