// Colours, shapes, counts and dynamics that the variants draw, against what the original drew:
// chi-square tests of 2,000 of our scenes per task and variant against the fixtures' 20.
// tests/envs/comparison.h states the level.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "envs/task.h"
#include "tests/envs/comparison.h"
#include "tests/envs/magical_fixtures.h"
#include "tests/envs/two_sample.h"
#include "tests/support/fixtures.h"

namespace mint::tests {
namespace {

using envs::Block;
using envs::Colour;
using envs::Region;
using envs::Scene;

int index_of(Colour colour) {
  return static_cast<int>(colour);
}
int index_of(envs::Shape shape) {
  return static_cast<int>(shape);
}

// Categories by name. Values of one name are drawn independently of each other within a scene, as
// the test demands, or nearly so.
using Categories = std::map<std::string, std::vector<int>>;

void add_blocks(const Scene& scene, bool colours, bool shapes, Categories& categories) {
  for (size_t i = 0; i < scene.blocks.size(); ++i) {
    // FindDupe's duplicate repeats the query.
    if (scene.task == "FindDupe" && i + 2 == scene.blocks.size()) continue;
    if (colours) categories["block colour"].push_back(index_of(scene.blocks[i].colour));
    if (shapes) categories["block shape"].push_back(index_of(scene.blocks[i].shape));
  }
}

// How the blocks outside the region's colour split into the other three colours, in list order.
void add_distractor_counts(const Scene& scene, Categories& categories) {
  int rank = 0;
  for (const Colour colour : envs::kColours) {
    if (colour == scene.regions[0].colour) continue;
    const auto has_it = [&](const Block& b) { return b.colour == colour; };
    const auto count = std::count_if(scene.blocks.begin(), scene.blocks.end(), has_it);
    categories["distractors of colour " + std::to_string(rank++)].push_back(
        static_cast<int>(count));
  }
  categories["targets"].push_back(static_cast<int>(scene.targets.size()));
}

// The size of the largest group tells "one of each, then independent" from other ways to draw.
template <typename Attribute>
int largest_group(const Scene& scene, Attribute attribute) {
  std::array<int, 7> counts = {};
  for (const Block& b : scene.blocks) ++counts.at(index_of(b.*attribute));
  return *std::max_element(counts.begin(), counts.end());
}

// The pairs of FixColour whose block has another colour than the region.
std::vector<size_t> odd_pairs(const Scene& scene) {
  std::vector<size_t> odd;
  for (size_t i = 0; i < scene.regions.size(); ++i) {
    if (scene.regions[i].colour != scene.blocks[i].colour) odd.push_back(i);
  }
  return odd;
}

void add_categories(const Scene& scene, const envs::Variation& vary, Categories& categories) {
  const std::string& task = scene.task;
  if (vary.count) categories["blocks"].push_back(static_cast<int>(scene.blocks.size()));
  const bool free_colours = vary.colour && task != "MatchRegions" && task != "FixColour";
  add_blocks(scene, free_colours, vary.shape, categories);
  if (vary.colour && task != "FindDupe") {
    for (const Region& r : scene.regions) categories["region colour"].push_back(index_of(r.colour));
  }
  if (vary.count && task == "MatchRegions") add_distractor_counts(scene, categories);
  if (vary.colour && task == "FixColour") {
    for (const size_t i : odd_pairs(scene)) {
      categories["odd pair"].push_back(static_cast<int>(i));
      categories["odd colour"].push_back(index_of(scene.blocks[i].colour));
    }
  }
  if (task == "ClusterColour" || task == "ClusterShape") {
    categories["largest colour group"].push_back(largest_group(scene, &Block::colour));
    categories["largest shape group"].push_back(largest_group(scene, &Block::shape));
  }
}

std::map<std::pair<std::string, std::string>, Categories> their_categories(
    const std::filesystem::path& folder) {
  std::map<std::pair<std::string, std::string>, Categories> all;
  for (const VariantState& s : variant_states(folder)) {
    add_categories(s.scene, envs::variation_of(s.variant), all[{s.task, s.variant}]);
  }
  return all;
}

TEST(AppearanceFixtures, ColoursShapesAndCountsAreAsFrequentAsInTheOriginal) {
  MINT_FIXTURES(folder, "magical");
  Comparison comparison;

  for (const auto& [key, theirs] : their_categories(folder)) {
    const auto& [task, variant] = key;
    Categories ours;
    for (int seed = 0; seed < 2000; ++seed) {
      const Scene scene = envs::sample_scene(task, variant, seed);
      add_categories(scene, envs::variation_of(variant), ours);
    }
    for (const auto& [name, values] : theirs) {
      comparison.add(task + "-" + variant + " " + name, chi_square(ours.at(name), values));
    }
  }

  comparison.judge("colours, shapes and counts, chi-square");
}

// Section 10 of the page; tests/envs/variant_test.cpp asks the same of our draws, here and below.
TEST(AppearanceFixtures, CountsOfTheOriginalAreInTheRangesOfThePage) {
  MINT_FIXTURES(folder, "magical");
  const std::map<std::string, std::pair<size_t, size_t>> ranges = {
      {"MatchRegions", {1, 8}}, {"MakeLine", {3, 4}},       {"FindDupe", {3, 7}},
      {"FixColour", {2, 3}},    {"ClusterColour", {7, 10}}, {"ClusterShape", {7, 10}}};
  size_t cases = 0;

  for (const VariantState& s : variant_states(folder)) {
    if (!envs::variation_of(s.variant).count || ranges.count(s.task) == 0) continue;
    ++cases;
    EXPECT_GE(s.scene.blocks.size(), ranges.at(s.task).first) << s.task;
    EXPECT_LE(s.scene.blocks.size(), ranges.at(s.task).second) << s.task;
  }

  report_cases("counts", cases);
}

// One odd pair, and never yellow for red or green, which the uneven draw cannot make.
TEST(AppearanceFixtures, TheOddBlockOfTheOriginalsFixColourHasAColourThatWeDraw) {
  MINT_FIXTURES(folder, "magical");
  size_t cases = 0;

  for (const VariantState& s : variant_states(folder)) {
    if (s.task != "FixColour" || !envs::variation_of(s.variant).colour) continue;
    ++cases;
    const auto odd = odd_pairs(s.scene);
    ASSERT_EQ(odd.size(), 1u);
    const Colour region = s.scene.regions[odd[0]].colour;
    if (region == Colour::kRed || region == Colour::kGreen) {
      EXPECT_NE(s.scene.blocks[odd[0]].colour, Colour::kYellow);
    }
  }

  report_cases("odd blocks", cases);
}

constexpr std::array<double envs::Dynamics::*, 5> kDynamics = {
    &envs::Dynamics::drive_force, &envs::Dynamics::steering_torque, &envs::Dynamics::finger_torque,
    &envs::Dynamics::block_linear_friction, &envs::Dynamics::block_angular_friction};

TEST(AppearanceFixtures, DynamicsAreDistributedAsInTheOriginal) {
  MINT_FIXTURES(folder, "magical");
  std::array<std::vector<double>, 5> ours;
  std::array<std::vector<double>, 5> theirs;
  Comparison comparison;

  for (const VariantState& s : variant_states(folder)) {
    if (!envs::variation_of(s.variant).dynamics) continue;
    for (size_t i = 0; i < 5; ++i) theirs[i].push_back(s.scene.dynamics.*kDynamics[i]);
  }
  for (const envs::TaskSpec& task : envs::tasks()) {
    const auto& variants = task.variants;
    if (std::count(variants.begin(), variants.end(), "TestDynamics") == 0) continue;
    for (int seed = 0; seed < 1000; ++seed) {
      const envs::Dynamics d = envs::sample_scene(task.name, "TestDynamics", seed).dynamics;
      for (size_t i = 0; i < 5; ++i) ours[i].push_back(d.*kDynamics[i]);
    }
  }
  for (size_t i = 0; i < 5; ++i) {
    comparison.add("variable " + std::to_string(i), kolmogorov_smirnov(ours[i], theirs[i]));
  }

  comparison.judge("dynamics, Kolmogorov-Smirnov");
}

// Section 9 of the page.
TEST(AppearanceFixtures, DynamicsOfTheOriginalAreInTheRangesOfThePage) {
  MINT_FIXTURES(folder, "magical");
  constexpr std::array<std::pair<double, double>, 5> kRanges = {
      {{2.2, 3.5}, {0.7, 1.5}, {2.5, 4.5}, {1.0, 1.8}, {0.07, 0.15}}};
  size_t cases = 0;

  for (const VariantState& s : variant_states(folder)) {
    if (!envs::variation_of(s.variant).dynamics) continue;
    ++cases;
    for (size_t i = 0; i < 5; ++i) {
      EXPECT_GE(s.scene.dynamics.*kDynamics[i], kRanges[i].first - 1e-6) << i;
      EXPECT_LE(s.scene.dynamics.*kDynamics[i], kRanges[i].second + 1e-6) << i;
    }
  }

  report_cases("dynamics", cases);
}

}  // namespace
}  // namespace mint::tests
