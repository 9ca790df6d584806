#include "training/study.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"
#include "training/interrupt.h"
#include "training/study_table.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::read_file;
using tests::run_mint;

StudyConfig small_config() {
  StudyConfig config;
  config.data = {"magical"};
  config.tasks = {"MoveToRegion"};
  config.train_videos = config.test_videos = 1;
  config.seeds = 2;
  return config;
}

std::vector<StudyCell> cells_of(const std::string& study, const StudyConfig& config) {
  StudyTests tests;
  tests.count = 1;
  tests.keypoint_area = 100;
  return study_cells(study_rows(study, config), config, tests);
}

std::string error_of_config(const std::string& yaml, const std::vector<std::string>& overrides) {
  return tests::error_of<ConfigError>(
      [&] { parse_config<StudyConfig>(yaml, "study.yaml", overrides); });
}

TEST(StudyConfig, HasOneSizeForAllNetworks) {
  for (const std::string network : {"mint", "transporter", "video_structure"}) {
    const std::string yaml = "data: magical\n" + network + ":\n  network:\n    height: 64\n";
    EXPECT_EQ(error_of_config(yaml, {}), "study.yaml:4: " + network +
                                             ".network.height: unknown key; did you mean "
                                             "\"height\"?");
  }
  EXPECT_EQ(error_of_config("data: magical", {"mint.network.width=64"}),
            "command line: mint.network.width: unknown key; did you mean \"width\"?");

  const auto config = parse_config<StudyConfig>("data: magical", "study.yaml", {"height=64"});
  for (const StudyRow& row : study_rows("detection", config)) {
    EXPECT_EQ(frame_size(row.pretrain).height, 64) << row.name;
    EXPECT_EQ(frame_size(row.pretrain).width, 96) << row.name;
  }
}

TEST(StudyRows, TheAblationAddsOneLossAfterTheOther) {
  const auto rows = study_rows("ablation", small_config());

  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].name, "IM");
  EXPECT_EQ(rows[0].pretrain.mint_loss.transport_weight, 0);
  EXPECT_EQ(rows[0].pretrain.mint_loss.masked_entropy_weight, 100);
  EXPECT_EQ(rows[1].pretrain.mint_loss.transport_weight, 20);
  EXPECT_EQ(rows[1].pretrain.mint_loss.status_weight, 0);
  EXPECT_EQ(rows[2].pretrain.mint_loss.status_weight, 10);
  EXPECT_EQ(rows[2].pretrain.mint_loss.overlap_weight, 0);
  EXPECT_EQ(rows[3].pretrain.mint_loss.overlap_weight, 30);
}

TEST(StudyRows, NamesTheMethodsThatThereAre) {
  StudyConfig config = small_config();
  config.methods = {"MNIT"};

  EXPECT_EQ(tests::error_of([&] { study_rows("detection", config); }),
            "methods: expected some of MINT, Transporter, Video Structure, got \"MNIT\"");
}

TEST(StudyCells, StudiesShareTheCellsOfTheWholeLoss) {
  const auto detection = cells_of("detection", small_config());
  const auto ablation = cells_of("ablation", small_config());

  EXPECT_EQ(detection[0].folder, ablation[6].folder);  // MINT, seed 0 and the last row's
  EXPECT_EQ(detection[1].folder, ablation[7].folder);
}

TEST(StudyCells, WhateverDecidesAResultMakesAnotherCell) {
  const auto base = cells_of("detection", small_config());
  StudyConfig longer = small_config(), moved = small_config(), elsewhere = small_config();
  longer.mint.pretrain.steps = 77;
  moved.seed = 5;
  elsewhere.jobs = 2;
  elsewhere.output = "elsewhere";

  EXPECT_NE(base[0].folder, base[1].folder);  // seeds
  EXPECT_NE(base[0].folder, base[2].folder);  // detectors
  EXPECT_NE(base[0].folder, cells_of("detection", longer)[0].folder);
  EXPECT_NE(base[0].folder, cells_of("detection", moved)[0].folder);
  EXPECT_EQ(base[0].folder, cells_of("detection", elsewhere)[0].folder);
}

TEST(StudyCells, OtherContentOfTheVideosMakesAnotherCell) {
  const auto rows = study_rows("detection", small_config());
  StudyTests tests;
  tests.count = 1;
  tests.keypoint_area = 100;
  tests.sources.test = {{"video_15000.mp4", nullptr, "video_15000.mp4 1234"}};
  const auto base = study_cells(rows, small_config(), tests);

  tests.sources.test.push_back({"not scored", nullptr});
  EXPECT_EQ(study_cells(rows, small_config(), tests)[0].folder, base[0].folder);
  tests.sources.test[0].fingerprint = "video_15000.mp4 1235";
  EXPECT_NE(study_cells(rows, small_config(), tests)[0].folder, base[0].folder);
}

// A cell whose lock somebody else holds.
class LockedCell : public testing::Test {
 protected:
  LockedCell() {
    cell_.folder = folder_.path() / "cell";
    fs::create_directories(cell_.folder);
    lock_ = ::open((cell_.folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    EXPECT_EQ(::flock(lock_, LOCK_EX), 0);
    tests_.count = 1;
  }
  ~LockedCell() override { ::close(lock_); }

  tests::TemporaryFolder folder_;
  StudyCell cell_;
  StudyTests tests_;
  int lock_ = -1;
};

TEST_F(LockedCell, IsWaitedForAloudAndNotComputedAgain) {
  std::vector<std::string> phases;
  const auto scores = run_cell(cell_, tests_, [&](const JobProgress& progress) {
    phases.push_back(progress.phase);
    if (phases.size() > 1) return;
    tests::write_file(cell_.folder / "scores.json",  // the other one is done
                      R"({"training_s": 7, "evaluation_s": 1, "skipped": [], "videos": []})");
    ::flock(lock_, LOCK_UN);
  });

  EXPECT_EQ(phases, (std::vector<std::string>{"waits for another study: " + cell_.folder.string(),
                                              "score"}));
  EXPECT_EQ(scores.training_s, 7);
}

TEST_F(LockedCell, IsNotWaitedForAfterASignal) {
  const InterruptGuard guard;
  const auto interrupt = [](const JobProgress&) { raise(SIGINT); };

  EXPECT_THROW(run_cell(cell_, tests_, interrupt), Interrupted);
}

CellScores scores_of(const std::vector<double>& dop) {
  CellScores scores;
  for (const double value : dop) scores.videos.push_back({"v", {{"dop", value}}});
  return scores;
}

// Means of the seeds 0.5 and 0.7, deviation 0.1414, t(0.975, 1) = 12.706, half width
// 12.706 * 0.1414 / sqrt(2) = 1.2706. Pooled 0.5, 0.5, 0.6, 0.8: mean 0.6, deviation 0.1414,
// 2 s / sqrt(2) = 0.2. The undefined value counts nowhere.
TEST(StudyTable, ShowsSeedsPooledVideosAndThePaper) {
  const StudyResults results = {
      {"MINT", {{0, scores_of({0.5, 0.5, NAN})}, {1, scores_of({0.6, 0.8})}}}};

  const Table table = study_table("detection", results);

  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(table.header[3], "DOP");
  EXPECT_EQ(table.rows[0][3], "0.600 ± 1.271");
  EXPECT_EQ(table.rows[1][3], "0.600 ± 0.200");
  EXPECT_EQ(table.rows[2][3], "0.855 ± 0.115");
  EXPECT_EQ(table.rows[0][4], "-");  // TOP was measured nowhere
}

TEST(StudyTable, AlignsColumnsWithSignsOfSeveralBytes) {
  const std::string text = table_text({{"a", "b", "c"}, {{"1 ± 2", "x", "y"}, {"1", "2", "3"}}});

  EXPECT_EQ(text, "a      b  c\n1 ± 2  x  y\n1      2  3\n");
}

class Study : public testing::Test {
 protected:
  void SetUp() override { MINT_NEEDS_PROGRAM(); }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  tests::ProgramResult run(const std::string& output, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"study",
                                      "ablation",
                                      "--preset",
                                      "quick",
                                      "tasks=MoveToRegion",
                                      "train_videos=1",
                                      "test_videos=1",
                                      "methods=IM,IM + IT + S + O",
                                      "mint.steps=1",
                                      "mint.batch=2",
                                      "mint.network.keypoints=3",
                                      "cells=" + path("cells"),
                                      "output=" + path(output)};
    words.insert(words.end(), more.begin(), more.end());
    return run_mint(words);
  }

  size_t finished_cells() const {
    size_t count = 0;
    for (const auto& cell : fs::directory_iterator(path("cells"))) {
      count += fs::exists(cell.path() / "scores.json") ? 1 : 0;
    }
    return count;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(Study, ShardsAddUpAndFinishedCellsAreNotComputedAgain) {
  const auto first = run("first", {"shard=0/2"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_NE(first.out.find("1 cells are still to be computed"), std::string::npos) << first.out;
  ASSERT_EQ(finished_cells(), 1u);

  const auto second = run("second", {"shard=1/2"});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  ASSERT_EQ(finished_cells(), 2u);
  EXPECT_EQ(second.out.find("still to be computed"), std::string::npos) << second.out;

  const auto third = run("third", {"jobs=2"});
  ASSERT_EQ(third.exit_code, 0) << third.err;
  EXPECT_EQ(third.err.find("cell IM"), std::string::npos) << third.err;
  EXPECT_EQ(read_file(path("third/scores.csv")), read_file(path("second/scores.csv")));
  EXPECT_TRUE(fs::exists(path("third/pictures/IM.png")));
  EXPECT_TRUE(fs::exists(path("third/report.html")));
}

TEST_F(Study, RefusesAShardThatIsNone) {
  const auto result = run("new", {"shard=2/2"});

  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("shard: expected i/n with i < n, got \"2/2\""), std::string::npos)
      << result.err;
}

}  // namespace
}  // namespace mint::training
