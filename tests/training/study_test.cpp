#include "training/study.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/error_of.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/fake_detector.h"
#include "tests/training/small_study.h"
#include "training/interrupt.h"
#include "training/study_table.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::read_file;
using tests::run_mint;

std::vector<StudyCell> cells_of(const std::string& study, const StudyConfig& config) {
  return study_cells(study_rows(study, config), config, one_test_video());
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
  const auto rows = study_rows("ablation", small_study_config());

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
  StudyConfig config = small_study_config();
  config.methods = {"MNIT"};

  EXPECT_EQ(tests::error_of([&] { study_rows("detection", config); }),
            "methods: expected some of MINT, Transporter, Video Structure, got \"MNIT\"");
}

TEST(StudyCells, StudiesShareTheCellsOfTheWholeLoss) {
  const auto detection = cells_of("detection", small_study_config());
  const auto ablation = cells_of("ablation", small_study_config());

  EXPECT_EQ(detection[0].folder, ablation[6].folder);  // MINT, seed 0 and the last row's
  EXPECT_EQ(detection[1].folder, ablation[7].folder);
}

TEST(StudyCells, WhateverDecidesAResultMakesAnotherCell) {
  const auto base = cells_of("detection", small_study_config());
  StudyConfig longer = small_study_config(), moved = small_study_config(),
              elsewhere = small_study_config();
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

TEST(StudyCells, ShareTheirTrainingWhenTheyDifferInTheThresholdOfTheFrozenDetector) {
  const auto base = cells_of("detection", small_study_config());
  StudyConfig stricter = small_study_config(), longer = small_study_config();
  stricter.mint.pretrain.detectors.mint.detect_gamma = 20;
  longer.mint.pretrain.steps = 77;

  const auto strict = cells_of("detection", stricter);

  EXPECT_NE(strict[0].folder, base[0].folder);
  EXPECT_EQ(strict[0].training, base[0].training);
  EXPECT_NE(cells_of("detection", longer)[0].training, base[0].training);
}

TEST(StudyCells, OtherContentOfTheVideosMakesAnotherCell) {
  const auto rows = study_rows("detection", small_study_config());
  StudyTests tests = one_test_video();
  tests.sources.test = {{"video_15000.mp4", nullptr, "video_15000.mp4 1234"}};
  const auto base = study_cells(rows, small_study_config(), tests);

  tests.sources.test.push_back({"not scored", nullptr});
  EXPECT_EQ(study_cells(rows, small_study_config(), tests)[0].folder, base[0].folder);
  tests.sources.test[0].fingerprint = "video_15000.mp4 1235";
  EXPECT_NE(study_cells(rows, small_study_config(), tests)[0].folder, base[0].folder);
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

double value_of(const VideoScore& score, const std::string& metric) {
  for (const auto& [name, value] : score.values) {
    if (name == metric) return value;
  }
  ADD_FAILURE() << "no " << metric;
  return NAN;
}

// Two keypoints of a 10x2 image: one in an object of columns 0 to 3, one right of the image.
VideoScore scored(const std::vector<bool>& frames_with_object) {
  std::vector<uint8_t> bitmap(20, 0);
  for (size_t i = 0; i < 20; ++i) bitmap[i] = i % 10 < 4;
  VideoClip clip{
      "v", torch::zeros({static_cast<int64_t>(frames_with_object.size()), 3, 2, 10}), {}, ""};
  for (const bool has_object : frames_with_object) {
    clip.objects.emplace_back();
    if (!has_object) continue;
    clip.objects.back().push_back(
        {1, perception::RunLengthMask::from_bitmap(bitmap.data(), 2, 10)});
  }
  tests::FakeDetector detector(torch::tensor({{0.15, 0.25}, {1.2, 0.5}}), torch::ones({2}));
  return score_video(detector, clip, /*keypoint_area=*/4);
}

TEST(ScoreVideo, CountsAsThePaperSaysAndAsTheReleasedProgramDoes) {
  const VideoScore score = scored({true, true, true});

  EXPECT_DOUBLE_EQ(value_of(score, "dop"), 1);
  EXPECT_DOUBLE_EQ(value_of(score, "top"), 1);
  EXPECT_DOUBLE_EQ(value_of(score, "uak"), 1);
  EXPECT_DOUBLE_EQ(value_of(score, "dak_product"), 0.5);  // 4 px of 8
  EXPECT_DOUBLE_EQ(value_of(score, "released_dop"), 1);
  EXPECT_DOUBLE_EQ(value_of(score, "released_top"), 2.0 / 3);  // the first frame is 0
  EXPECT_DOUBLE_EQ(value_of(score, "released_uak"), 0);        // right of the image
  EXPECT_DOUBLE_EQ(value_of(score, "released_dak"), 0.5);
}

TEST(ScoreVideo, HasNoReleasedShareOfAVideoWithAnEmptyFrame) {
  const VideoScore score = scored({true, false});

  EXPECT_DOUBLE_EQ(value_of(score, "dop"), 1);
  EXPECT_TRUE(std::isnan(value_of(score, "released_dop")));
  EXPECT_DOUBLE_EQ(value_of(score, "released_uak"), 0.5);  // the left one, in the empty frame
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

// As above, of the released program's names.
TEST(StudyTable, OfTheReleasedProgramSaysOfHowManyVideos) {
  CellScores first, second;
  first.videos = {{"a", {{"dop", 0.1}, {"released_dop", 0.5}, {"released_dak", 0.25}}},
                  {"b", {{"dop", 0.1}, {"released_dop", NAN}, {"released_dak", 0.25}}}};
  second.videos = {{"a", {{"dop", 0.1}, {"released_dop", 0.7}, {"released_dak", 0.25}}}};

  const Table table = released_table("detection", {{"MINT", {{0, first}, {1, second}}}});

  EXPECT_EQ(table.header, (std::vector<std::string>{"method", "seeds", "videos", "DOP", "TOP",
                                                    "UAK", "DAK", "videos with DOP, TOP"}));
  EXPECT_EQ(table.rows[0], (std::vector<std::string>{"MINT", "2", "2", "0.600 ± 1.271", "-", "-",
                                                     "0.250 ± 0.000", "2 of 3"}));
  EXPECT_EQ(table.rows[2][6], "0.171 ± 0.151");  // the paper's
  EXPECT_EQ(table.rows[2].size(), table.header.size());
}

// A cell of before the released program's counting was kept.
TEST(StudyTable, LeavesOpenWhatAnOldCellDoesNotHold) {
  const tests::TemporaryFolder folder;
  StudyCell cell;
  cell.folder = folder.path();
  tests::write_file(cell.folder / "scores.json",
                    R"({"training_s": 7, "evaluation_s": 1, "skipped": [],
                        "videos": [{"video": "v", "dop": 0.5, "top": null}]})");

  const StudyResults results = {{"IM", {{0, read_scores(cell)}}}};

  EXPECT_EQ(study_table("ablation", results).rows[0][3], "0.500");
  const Table released = released_table("ablation", results);
  EXPECT_EQ(released.rows[0],
            (std::vector<std::string>{"IM", "1", "1", "-", "-", "-", "-", "0 of 1"}));
  const std::string csv = study_csv(results);
  const std::string header = csv.substr(0, csv.find('\n'));
  EXPECT_NE(header.find(",released_dop,released_top,released_uak,released_dak"), std::string::npos);
  EXPECT_EQ(csv.substr(header.size() + 1), "IM,0,v,0.5,,,,,,,,,,,\n");
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
  EXPECT_NE(read_file(path("third/report.html")).find("The released program&#39;s counting"),
            std::string::npos);
  for (const auto& cell : fs::directory_iterator(path("cells"))) {
    if (!fs::exists(cell.path() / "scores.json")) continue;  // a training
    const std::string scores = read_file(cell.path() / "scores.json");
    for (const char* name : {"released_dop", "released_top", "released_uak", "released_dak"}) {
      EXPECT_NE(scores.find(std::string("\"") + name + "\": "), std::string::npos) << name;
    }
  }
}

// The detectors are gone, without which there are no pictures; their scores are not.
TEST_F(Study, KeepsItsTableWhenThePicturesFail) {
  const auto first = run("first", {"methods=IM"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  for (const auto& cell : fs::directory_iterator(path("cells"))) {
    fs::remove_all(cell.path() / "detector");
  }

  const auto again = run("again", {"methods=IM"});

  EXPECT_EQ(again.exit_code, 1);
  for (const char* file : {"/table.txt", "/scores.csv"}) {
    EXPECT_EQ(read_file(path("again") + file), read_file(path("first") + file));
  }
}

TEST_F(Study, RefusesAShardThatIsNone) {
  const auto result = run("new", {"shard=2/2"});

  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("shard: expected i/n with i < n, got \"2/2\""), std::string::npos)
      << result.err;
}

}  // namespace
}  // namespace mint::training
