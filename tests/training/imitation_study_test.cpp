#include "training/imitation_study.h"

#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "training/config_error.h"

namespace mint::training {
namespace {

ImitationScores scores(std::vector<double> demo, std::vector<double> jitter) {
  ImitationScores result;
  result.scores = {{"Demo", std::move(demo)}, {"TestJitter", std::move(jitter)}};
  return result;
}

TEST(ImitationTable, StandsBesideThePapersAndShowsEverySeed) {
  const ImitationRow row{
      "MakeLine", "interaction", {0, 1}, {scores({0, 0}, {0, 0.5}), scores({0.5, 0.5}, {1, 1})}};

  const Table table = imitation_table({row});

  ASSERT_EQ(table.rows.size(), 2u);
  // Seed means 0 and 0.5: 0.25 ± 12.706 * 0.35355 / sqrt(2).
  EXPECT_EQ(table.rows[0][3], "0.25 ± 3.18");
  EXPECT_EQ(table.rows[0][4], "0.20 ± 0.22");
  EXPECT_EQ(table.rows[0][5], "0.00 0.50");
  // Pooled: 0, 0, 0.5, 0.5: 2 * 0.288675 / sqrt(2).
  EXPECT_EQ(table.rows[0][6], "0.25 ± 0.41");
  EXPECT_EQ(table.rows[1][7], "2 x 2");
}

TEST(ImitationTable, NamesWhatIsNotThereYet) {
  const Table table = imitation_table({{"MakeLine", "cnn", {}, {}}});

  EXPECT_EQ(table.rows[0][3], "-");
}

TEST(ImitationTable, MarksWhatHadAnOracle) {
  const ImitationRow dagger{"MakeLine", "dagger", {0}, {scores({1}, {1})}};
  const ImitationRow clone{"MakeLine", "interaction", {0}, {scores({1}, {1})}};

  EXPECT_EQ(imitation_table({dagger}).rows[0][1], "dagger *");
  EXPECT_EQ(imitation_note({clone, dagger}).rfind("* an upper reference", 0), 0u);
  EXPECT_EQ(imitation_note({clone}), "");
}

TEST(ImitationCsv, HasEveryEpisode) {
  const ImitationRow row{"MakeLine", "cnn", {7}, {scores({0}, {0.5, 1})}};

  EXPECT_EQ(imitation_csv({row}),
            "task,method,seed,variant,episode,score\n"
            "MakeLine,cnn,7,\"Demo\",0,0\n"
            "MakeLine,cnn,7,\"TestJitter\",0,0.5\n"
            "MakeLine,cnn,7,\"TestJitter\",1,1\n");
}

// A study as small as they come.
ImitationConfig small_study(const std::filesystem::path& folder) {
  ImitationConfig config;
  config.tasks = {"MoveToRegion"};
  config.methods = {"interaction", "attention", "dagger"};
  config.variants = {"Demo"};
  config.demos = 2;
  config.held_out = 1;
  config.episodes = 2;
  config.seeds = 1;
  config.videos = 0;
  config.pretrain.steps = 2;
  config.pretrain.batch = 2;
  config.pretrain.recalibration_batches = 0;
  config.interaction.clone.steps = 2;
  config.attention.clone.steps = 2;
  config.attention.clone.batch = 4;
  config.attention.clone.policy.attention.plan.plans = -1;
  config.dagger.clone.policy.name = "interaction";
  config.dagger.clone.steps = 2;
  config.dagger.clone.dagger.rounds = 1;
  config.dagger.clone.dagger.episodes = 1;
  config.all_plans = true;
  config.cells = (folder / "cells").string();
  config.output = (folder / "study").string();
  return config;
}

TEST(ImitationStudy, FillsItsTableOnceAndKeepsItsCells) {
  const tests::TemporaryFolder folder;
  ImitationConfig config = small_study(folder.path());

  const auto first = run_imitation_study(config);
  config.output = (folder.path() / "again").string();
  const auto again = run_imitation_study(config);

  EXPECT_EQ(first.missing, 0);
  ASSERT_EQ(first.rows.size(), 3u);
  EXPECT_EQ(first.rows[0].cells.at(0).scores.size(), 1u);
  EXPECT_EQ(first.rows[1].cells.at(0).scores.size(), 3u);  // without and with every plan, too
  EXPECT_EQ(again.budget_s, first.budget_s);               // read, not computed again
  EXPECT_TRUE(std::filesystem::exists(first.folder / "report.html"));
}

TEST(ImitationStudy, SharesItsCellsAmongShards) {
  const tests::TemporaryFolder folder;
  ImitationConfig config = small_study(folder.path());
  config.methods = {"interaction", "attention"};
  config.shard = "1/2";

  const auto outcome = run_imitation_study(config);

  EXPECT_EQ(outcome.missing, 1);
  EXPECT_TRUE(outcome.rows[0].cells.empty());
  EXPECT_EQ(outcome.rows[1].cells.size(), 1u);
}

TEST(ImitationStudy, NeedsTheFilesOfHumanDemonstrations) {
  ImitationConfig config;
  config.demonstrations = "human";

  EXPECT_EQ(tests::error_of([&] { run_imitation_study(config); }),
            "study: data: expected demonstration files (mint import-magical), got none");
}

}  // namespace
}  // namespace mint::training
