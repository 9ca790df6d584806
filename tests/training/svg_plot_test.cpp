#include "training/svg_plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mint::training {
namespace {

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
  return found;
}

TEST(RoundTicks, AreOneTwoOrFiveTimesAPowerOfTenApart) {
  EXPECT_EQ(round_ticks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(round_ticks(-1, 1, 4), (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
  EXPECT_EQ(round_ticks(130, 1870, 4), (std::vector<double>{500, 1000, 1500}));
  EXPECT_TRUE(round_ticks(1, 1, 4).empty());
  EXPECT_TRUE(round_ticks(0, std::numeric_limits<double>::infinity(), 4).empty());
}

TEST(TickText, IsShort) {
  EXPECT_EQ(tick_text(0), "0");
  EXPECT_EQ(tick_text(0.30000000000000004), "0.3");
  EXPECT_EQ(tick_text(1500), "1500");
  EXPECT_EQ(tick_text(1e-6), "1e-6");
  EXPECT_EQ(tick_text(2e10), "2e10");
}

TEST(SvgPlot, DrawsOneLineAndOneLegendEntryPerSeries) {
  const std::string svg =
      svg_plot({"Loss", "step", "loss", {{"a", {{0, 1}, {1, 2}}}, {"b", {{0, 2}, {1, 1}}}}});

  EXPECT_EQ(count(svg, "<path "), 2u);
  EXPECT_NE(svg.find(">a</text>"), std::string::npos);
  EXPECT_NE(svg.find(">b</text>"), std::string::npos);
  EXPECT_NE(svg.find(">step</text>"), std::string::npos);
}

TEST(SvgPlot, TheFirstAndLastPointTouchTheSidesOfTheAxes) {
  // Axes from x = 64 to 560 - 16 = 544; one nameless series, so y from 34 to 320 - 46 = 274, with
  // 5 % of the range above and below: (1.05 - 1) / 1.1 * 240 = 10.9.
  const std::string svg = svg_plot({"", "", "", {{"", {{0, -1}, {5, 0}}}}});

  EXPECT_NE(svg.find("d=\"M64.0 263.1L544.0 44.9\""), std::string::npos) << svg;
}

TEST(SvgPlot, AValueThatIsNotFiniteBreaksTheLine) {
  const double nan = std::nan("");
  const std::string svg =
      svg_plot({"", "", "", {{"", {{0, 1}, {1, 2}, {2, nan}, {3, 1}, {4, 2}}}}});

  EXPECT_EQ(count(svg.substr(svg.find("<path")), "M"), 2u);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(SvgPlot, SaysWhenThereIsNothingToShow) {
  EXPECT_NE(svg_plot({"", "", "", {}}).find("nothing to show"), std::string::npos);
  Plot logarithmic{"", "", "", {{"", {{0, -1}, {1, 0}}}}, true};
  EXPECT_NE(svg_plot(logarithmic).find("nothing to show"), std::string::npos);
}

TEST(SvgPlot, LongLinesAreThinned) {
  Plot plot{"", "", "", {{"", {}}}};
  for (int i = 0; i < 100000; ++i) plot.series[0].points.emplace_back(i, i % 7);

  EXPECT_LT(svg_plot(plot).size(), 40000u);
}

TEST(SvgPlot, AsAFileNamesItsFormatAndHasAWhiteGround) {
  const std::string file = svg_file({"t", "", "", {{"", {{0, 1}, {1, 2}}}}});

  EXPECT_EQ(file.rfind("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"560\" height=\"320\"", 0),
            0u);
  EXPECT_LT(file.find("fill=\"#fff\""), file.find("<text"));
  EXPECT_EQ(count(file, "<svg"), 1u);
}

TEST(HtmlText, EscapesMarkup) {
  EXPECT_EQ(html_text("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}

}  // namespace
}  // namespace mint::training
