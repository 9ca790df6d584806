#include "training/imitation_study.h"

#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "training/config_error.h"
#include "training/demonstrations.h"
#include "training/recording.h"

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
  ImitationCell cell;
  cell.method = "dagger";

  EXPECT_EQ(imitation_table({dagger}).rows[0][1], "dagger *");
  ASSERT_EQ(imitation_notes({cell, cell}).size(), 1u);
  EXPECT_EQ(imitation_notes({cell})[0].rfind("* an upper reference", 0), 0u);
  cell.method = "attention";
  EXPECT_TRUE(imitation_notes({cell}).empty());
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

TEST(ImitationStudy, GivesPlansToTheTasksThatAreNamed) {
  const tests::TemporaryFolder folder;
  ImitationConfig config = small_study(folder.path());
  config.tasks = {"MoveToRegion", "MakeLine"};
  config.methods = {"attention"};
  config.seeds = 1;
  config.attention.clone.policy.attention.plan.plans = -1;
  const auto plans_of_tasks = [&] {
    std::vector<int64_t> plans;
    for (const ImitationCell& cell : imitation_cells(config, {})) {
      plans.push_back(cell.clone.policy.attention.plan.plans);
    }
    return plans;
  };

  EXPECT_EQ(plans_of_tasks(), (std::vector<int64_t>{-1, -1}));
  config.attention.planned_tasks = {"MakeLine"};
  EXPECT_EQ(plans_of_tasks(), (std::vector<int64_t>{0, -1}));
}

// Two demonstrations of MoveToRegion: 80 decisions, 3 batches of 32.
class CnnEpochs : public testing::Test {
 protected:
  CnnEpochs() {
    RecordingConfig recording;
    recording.task = "MoveToRegion";
    recording.episodes = 3;
    source_.data = {folder_.path() / "demos.h5"};
    DemonstrationWriter writer(source_.data[0]);
    record_expert(recording, [&](const Episode& episode) { writer.add(episode); });
    writer.close();
    config_ = small_study(folder_.path());
    config_.methods = {"cnn", "interaction"};
    for (CloneRecipe* recipe : {&config_.cnn, &config_.interaction}) {
      recipe->clone.idle_tail = 0;
      recipe->clone.batch = 32;
    }
    config_.interaction.steps_of_task = {6};
  }

  tests::TemporaryFolder folder_;
  ImitationSource source_;
  ImitationConfig config_;
};

TEST_F(CnnEpochs, FollowTheStepsOfTheTask) {
  config_.cnn.steps_of_task = {12};

  const auto cells = imitation_cells(config_, source_);

  EXPECT_EQ(cells[0].method, "cnn");
  EXPECT_EQ(cells[0].clone.steps, 12);
  EXPECT_EQ(cells[0].clone.detector, "");
  EXPECT_EQ(epochs_of(cells[0]), 4);
  EXPECT_EQ(epochs_of(cells[1]), 2);
  EXPECT_TRUE(imitation_notes(cells).empty());
}

TEST_F(CnnEpochs, AreNamedWhereTheyAreFewerThanTheirShare) {
  config_.cnn.steps_of_task = {9};

  EXPECT_EQ(imitation_notes(imitation_cells(config_, source_)),
            std::vector<std::string>{"MoveToRegion: cnn gets 3.0 epochs, 1.50 times the 2.0 of "
                                     "interaction; the paper gives it twice as many"});
}

TEST(ImitationStudy, ChecksHowDaggerIsTrainedBeforeAnythingIsMade) {
  const tests::TemporaryFolder folder;
  ImitationConfig config = small_study(folder.path());
  config.dagger.clone.policy.name = "attention";
  config.dagger.clone.policy.attention.plan.plans = -1;

  EXPECT_EQ(tests::error_of([&] { run_imitation_study(config); }),
            "study: dagger.plan_choice: expected none, because the labels of DAgger belong to no "
            "plan, got \"earliest\"; or set dagger.attention.plan.plans=0");
  config.dagger.clone.plan_choice = "none";
  config.dagger.steps_of_task = {1};
  EXPECT_EQ(tests::error_of([&] { run_imitation_study(config); }),
            "study: dagger.steps_of_task: expected more than dagger.rounds (1), got 1");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ImitationStudy, NeedsTheFilesOfHumanDemonstrations) {
  ImitationConfig config;
  config.demonstrations = "human";

  EXPECT_EQ(tests::error_of([&] { run_imitation_study(config); }),
            "study: data: expected demonstration files (mint import-magical), got none");
}

}  // namespace
}  // namespace mint::training
