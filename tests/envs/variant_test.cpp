// What the variants draw, by the numbers of sections 9 and 10 of the MAGICAL page.
#include "envs/variant.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "envs/task.h"

namespace mint::envs {
namespace {

TEST(Variation, OfCountPlusDrawsTheAppearanceAndTheLayoutToo) {
  const Variation vary = variation_of("TestCountPlus");

  EXPECT_TRUE(vary.layout && vary.colour && vary.shape && vary.count);
  EXPECT_FALSE(vary.jitter || vary.dynamics);
}

TEST(Variation, OfAnUnknownNameIsRefused) {
  EXPECT_THROW(variation_of("TestWeather"), std::invalid_argument);
}

TEST(DrawAllFour, ShufflesOneOfEachAndIndependentOnes) {
  std::vector<Block> blocks(4);
  std::set<std::vector<int>> orders;
  Random random(1);

  for (int i = 0; i < 1000; ++i) {
    draw_colours_of_all_four(blocks, random);
    std::vector<int> order;
    for (const Block& b : blocks) order.push_back(static_cast<int>(b.colour));
    orders.insert(order);
    EXPECT_EQ(std::set<int>(order.begin(), order.end()).size(), 4u);
  }

  EXPECT_EQ(orders.size(), 24u);  // every permutation
}

TEST(DrawAllFour, OfTenBlocksHasEveryShape) {
  std::vector<Block> blocks(10);
  Random random(1);

  for (int i = 0; i < 1000; ++i) {
    draw_shapes_of_all_four(blocks, random);
    std::set<Shape> shapes;
    for (const Block& b : blocks) shapes.insert(b.shape);
    EXPECT_EQ(shapes,
              (std::set<Shape>{Shape::kSquare, Shape::kPentagon, Shape::kStar, Shape::kCircle}));
  }
}

TEST(DrawShape, DrawsOnlyTheFourOfTheTasks) {
  Random random(1);
  std::map<Shape, int> counts;

  for (int i = 0; i < 4000; ++i) ++counts[draw_shape(random)];

  ASSERT_EQ(counts.size(), 4u);
  EXPECT_EQ(counts.rbegin()->first, Shape::kCircle);
  for (const auto& [shape, count] : counts) EXPECT_NEAR(count, 1000, 110);  // 4 deviations
}

TEST(DrawDynamics, FillsItsRanges) {
  const std::vector<std::tuple<double Dynamics::*, double, double>> ranges = {
      {&Dynamics::drive_force, 2.2, 3.5},
      {&Dynamics::steering_torque, 0.7, 1.5},
      {&Dynamics::finger_torque, 2.5, 4.5},
      {&Dynamics::block_linear_friction, 1.0, 1.8},
      {&Dynamics::block_angular_friction, 0.07, 0.15}};
  Random random(1);
  std::vector<Dynamics> drawn;
  for (int i = 0; i < 2000; ++i) drawn.push_back(draw_dynamics(random));

  for (const auto& [variable, low, high] : ranges) {
    const auto less = [&, v = variable](const Dynamics& a, const Dynamics& b) {
      return a.*v < b.*v;
    };
    const auto [least, greatest] = std::minmax_element(drawn.begin(), drawn.end(), less);
    const double close = 0.005 * (high - low);
    EXPECT_GE((*least).*variable, low);
    EXPECT_LE((*least).*variable, low + close);
    EXPECT_LE((*greatest).*variable, high);
    EXPECT_GE((*greatest).*variable, high - close);
  }
}

// k in {0, 1, 2} of red, green, blue, yellow, moved on by one when it is the region's colour: red
// regions get green (2 of 3) or blue, green ones blue (2 of 3) or red, the others each with 1 / 3.
TEST(FixColour, DrawsTheOddColourUnevenly) {
  std::map<std::pair<Colour, Colour>, int> counts;  // region, block
  std::map<Colour, int> regions;

  for (int seed = 0; seed < 12000; ++seed) {
    const Scene scene = sample_scene("FixColour", "TestColour", seed);
    for (size_t i = 0; i < scene.regions.size(); ++i) {
      const Colour region = scene.regions[i].colour;
      if (scene.blocks[i].colour == region) continue;
      ++counts[{region, scene.blocks[i].colour}];
      ++regions[region];
    }
  }
  const auto share = [&](Colour region, Colour block) {
    return counts[{region, block}] / static_cast<double>(regions[region]);
  };

  const double tolerance = 0.035;  // 4 deviations of 3000 draws
  EXPECT_NEAR(share(Colour::kRed, Colour::kGreen), 2.0 / 3, tolerance);
  EXPECT_NEAR(share(Colour::kRed, Colour::kBlue), 1.0 / 3, tolerance);
  EXPECT_EQ(share(Colour::kRed, Colour::kYellow), 0);
  EXPECT_NEAR(share(Colour::kGreen, Colour::kRed), 1.0 / 3, tolerance);
  EXPECT_NEAR(share(Colour::kGreen, Colour::kBlue), 2.0 / 3, tolerance);
  EXPECT_EQ(share(Colour::kGreen, Colour::kYellow), 0);
  for (const Colour other : {Colour::kRed, Colour::kGreen, Colour::kYellow}) {
    EXPECT_NEAR(share(Colour::kBlue, other), 1.0 / 3, tolerance);
  }
  for (const Colour other : {Colour::kRed, Colour::kGreen, Colour::kBlue}) {
    EXPECT_NEAR(share(Colour::kYellow, other), 1.0 / 3, tolerance);
  }
}

std::set<size_t> block_counts(const std::string& task) {
  std::set<size_t> counts;
  for (int seed = 0; seed < 3000; ++seed) {
    counts.insert(sample_scene(task, "TestCountPlus", seed).blocks.size());
  }
  return counts;
}

TEST(CountPlus, DrawsTheNumberOfBlocksOfThePage) {
  EXPECT_EQ(block_counts("MatchRegions"), (std::set<size_t>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(block_counts("MakeLine"), (std::set<size_t>{3, 4}));
  EXPECT_EQ(block_counts("FindDupe"), (std::set<size_t>{3, 4, 5, 6, 7}));
  EXPECT_EQ(block_counts("FixColour"), (std::set<size_t>{2, 3}));
  EXPECT_EQ(block_counts("ClusterColour"), (std::set<size_t>{7, 8, 9, 10}));
  EXPECT_EQ(block_counts("ClusterShape"), (std::set<size_t>{7, 8, 9, 10}));
}

TEST(CountPlus, OfMatchRegionsHasOneOrTwoTargetsFirst) {
  std::set<size_t> targets;
  for (int seed = 0; seed < 200; ++seed) {
    const Scene scene = sample_scene("MatchRegions", "TestCountPlus", seed);
    targets.insert(scene.targets.size());
    for (size_t i = 0; i < scene.blocks.size(); ++i) {
      const bool is_target = i < scene.targets.size();
      EXPECT_EQ(scene.blocks[i].colour == scene.regions[0].colour, is_target) << "seed " << seed;
    }
  }

  EXPECT_EQ(targets, (std::set<size_t>{1, 2}));
}

// Colour draws on others may make more equals than the duplicate.
TEST(FindDupe, CountsEveryEqualOfTheQueryAmongTheTargets) {
  std::set<size_t> targets;
  for (int seed = 0; seed < 1000; ++seed) {
    const Scene scene = sample_scene("FindDupe", "TestAll", seed);
    const int n = static_cast<int>(scene.blocks.size());
    ASSERT_GE(scene.targets.size(), 2u);
    EXPECT_EQ(scene.targets.back(), n - 1);
    EXPECT_EQ(scene.targets.at(scene.targets.size() - 2), n - 2);
    targets.insert(scene.targets.size());
  }

  EXPECT_GE(*targets.rbegin(), 3u);
}

// How near the centre of the last block comes to the border of the last region, where it starts,
// over 1,000 free layouts; by the shorter side, as the page has it.
double least_margin(const std::string& task) {
  double least = INFINITY;
  for (int seed = 0; seed < 1000; ++seed) {
    const Scene scene = sample_scene(task, "TestLayout", seed);
    const Region& r = scene.regions.back();
    const Pose& block = scene.blocks.back().pose;
    const double offset = std::max(std::abs(block.x - (r.x + r.w / 2)),  // from the centre
                                   std::abs(block.y - (r.y - r.h / 2)));
    least = std::min(least, std::min(r.w, r.h) / 2 - offset);
  }
  return least;
}

TEST(FindDupe, PlacesTheQueryWithAMarginOfSixHundredths) {
  const double margin = least_margin("FindDupe");

  EXPECT_GE(margin, 0.06 - 1e-12);
  EXPECT_LE(margin, 0.062);
}

TEST(FixColour, PlacesBlocksWithAMarginOfTwelveHundredths) {
  const double margin = least_margin("FixColour");

  EXPECT_GE(margin, 0.12 - 1e-12);
  EXPECT_LE(margin, 0.122);
}

TEST(FixColour, DrawsSidesFromFourToFiveTenths) {
  std::vector<double> sides;
  for (int seed = 0; seed < 1000; ++seed) {
    for (const Region& r : sample_scene("FixColour", "TestLayout", seed).regions) {
      sides.insert(sides.end(), {r.w, r.h});
    }
  }

  const auto [least, greatest] = std::minmax_element(sides.begin(), sides.end());
  EXPECT_GE(*least, 0.4);
  EXPECT_LE(*least, 0.401);
  EXPECT_LE(*greatest, 0.5);
  EXPECT_GE(*greatest, 0.499);
}

TEST(TestAll, OfMoveToCornerJitters) {
  for (int seed = 0; seed < 100; ++seed) {
    const Scene scene = sample_scene("MoveToCorner", "TestAll", seed);
    EXPECT_NEAR(scene.robot.x, 0.4, 0.025);
    EXPECT_NEAR(scene.blocks.at(0).pose.y, -0.65, 0.025);
  }
}

}  // namespace
}  // namespace mint::envs
