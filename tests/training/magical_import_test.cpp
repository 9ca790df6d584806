#include "training/magical_import.h"

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/files.h"
#include "tests/support/magical_demonstration.h"
#include "tests/support/pickle_writer.h"

namespace mint::training {
namespace {

using tests::PickleWriter;
using Recipe = tests::MagicalRecipe;

std::filesystem::path write(const Recipe& recipe) {
  const auto file = std::filesystem::path(testing::TempDir()) / "demo-Test-000.pkl.gz";
  tests::write_magical_demonstration(file, recipe);
  return file;
}

// The error without the file and the place.
std::string error_of(const Recipe& recipe) {
  const auto file = write(recipe);
  try {
    read_magical_demonstration(file);
    return "";
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    const std::string prefix = file.string() + ": byte ";
    EXPECT_EQ(message.substr(0, prefix.size()), prefix);
    return message.substr(message.find(": expected ") + 2);
  }
}

TEST(MagicalImport, KeepsActionsScoreAndTheReducedAllocentricFrames) {
  const Episode episode = read_magical_demonstration(write({}));

  EXPECT_EQ(episode.env_name, "MoveToRegion-Demo-v0");
  EXPECT_EQ(episode.score, 1);
  EXPECT_EQ(episode.source, "magical:demo-Test-000.pkl.gz");
  EXPECT_EQ(episode.seed, 0u);
  EXPECT_EQ(episode.actions, (std::vector<int>{7, 17}));
  EXPECT_EQ(episode.height, 96);
  EXPECT_EQ(episode.width, 96);
  EXPECT_TRUE(episode.states.empty());
  ASSERT_EQ(episode.frames.size(), 3u * 96 * 96 * 3);
  const uint8_t* last = &episode.frames[2 * 96 * 96 * 3];
  EXPECT_EQ(int{last[0]}, 25);            // top: 10 t + 5
  EXPECT_EQ(int{last[3 * 96 * 48]}, 20);  // bottom half
  EXPECT_EQ(int{last[3 * 96 * 48 + 1]}, 100);
  EXPECT_EQ(int{last[3 * 96 * 48 + 2]}, 200);
}

TEST(MagicalImport, RefusesActionsOutsideTheEighteen) {
  Recipe recipe;
  recipe.actions = {7, 18};
  EXPECT_EQ(error_of(recipe), "expected action 1 in 0..17, got 18");
  recipe.actions = {-1, 0};
  EXPECT_EQ(error_of(recipe), "expected action 0 in 0..17, got -1");
}

TEST(MagicalImport, RefusesShapesThatDisagree) {
  Recipe recipe;
  recipe.actions_shape = 3;
  EXPECT_EQ(error_of(recipe), "expected 3 actions of 8 bytes, got 16 bytes");
  recipe = {};
  recipe.actions = {};
  recipe.actions_shape = 0;
  EXPECT_EQ(error_of(recipe), "expected 1 to 2000 actions, got 0");
  recipe.actions_shape = 2000000000;
  EXPECT_EQ(error_of(recipe), "expected 1 to 2000 actions, got 2000000000");
  recipe = {};
  recipe.frames = 2;
  EXPECT_EQ(error_of(recipe), "expected obs with 3 values, got 2");
  recipe = {};
  recipe.rewards = 1;
  EXPECT_EQ(error_of(recipe), "expected rews with 2 values, got 1");
  recipe = {};
  recipe.height = 383;
  EXPECT_EQ(error_of(recipe), "expected obs[0].allo's size 384, got 383");
  recipe = {};
  recipe.image_bytes -= 1;
  EXPECT_EQ(error_of(recipe), "expected obs[0].allo's data as an image's bytes, got bytes");
}

TEST(MagicalImport, RefusesOtherTypes) {
  Recipe recipe;
  recipe.actions_type = "f8";
  EXPECT_EQ(error_of(recipe), "expected acts of dtype <i8, got another");
  recipe = {};
  recipe.order = ">";
  EXPECT_EQ(error_of(recipe), "expected acts of dtype <i8, got another");
  recipe = {};
  recipe.is_fortran = true;
  EXPECT_EQ(error_of(recipe), "expected acts's Fortran order as False, got None");
  recipe = {};
  recipe.second_view = "evil";
  EXPECT_EQ(error_of(recipe), "expected the key \"ego\", got a dict without it");
  recipe = {};
  recipe.trajectory_class = "Popen";
  EXPECT_EQ(error_of(recipe),
            "expected a class of MAGICAL's demonstrations, got "
            "\"milbench.baselines.saved_trajectories Popen\"");
}

TEST(MagicalImport, RefusesAnAbsurdScoreOrName) {
  Recipe recipe;
  recipe.score = 1.5;
  EXPECT_EQ(error_of(recipe), "expected a score in [0, 1], got 1.500000");
  recipe.score = std::nan("");
  EXPECT_NE(error_of(recipe), "");
  recipe = {};
  recipe.env_name = "hello";
  EXPECT_EQ(error_of(recipe), "expected env_name like MakeLine-Demo-v0, got \"hello\"");
  recipe.env_name = "Make\nLine-Demo-v0";
  EXPECT_EQ(error_of(recipe), "expected env_name like MakeLine-Demo-v0, got others");
}

TEST(MagicalImport, RefusesATruncatedFileAndAnyOtherPickle) {
  const auto file = write({});
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_THROW(read_magical_demonstration(file), std::runtime_error);
  tests::write_file(file, tests::gzip(PickleWriter().op("].").bytes));
  EXPECT_THROW(read_magical_demonstration(file), std::runtime_error);
}

TEST(FindMagicalDemonstrations, SearchesFoldersInOrder) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "mint_find_demonstrations";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "b");
  EXPECT_THROW(find_magical_demonstrations(folder), std::runtime_error);
  EXPECT_THROW(find_magical_demonstrations(folder / "absent"), std::runtime_error);
  for (const char* name : {"b/1.pkl.gz", "a.pkl.gz", "README.md", "c.pkl.gz"}) {
    tests::write_file(folder / name, "");
  }

  const auto files = find_magical_demonstrations(folder);

  EXPECT_EQ(files, (std::vector<std::filesystem::path>{folder / "a.pkl.gz", folder / "b/1.pkl.gz",
                                                       folder / "c.pkl.gz"}));
  EXPECT_EQ(find_magical_demonstrations(folder / "a.pkl.gz").size(), 1u);
}

}  // namespace
}  // namespace mint::training
