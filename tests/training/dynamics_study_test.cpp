#include "training/dynamics_study.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/small_study.h"
#include "training/dynamics_cell.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;

std::vector<DynamicsCell> dynamics_cells_of(const StudyConfig& config) {
  return dynamics_cells(study_rows("dynamics", config), config, one_test_video());
}

TEST(DynamicsCells, StandOnTheDetectorsOfTheDetectionStudy) {
  const auto config = small_study_config();
  const auto detectors = study_cells(study_rows("detection", config), config, one_test_video());

  const auto cells = dynamics_cells_of(config);

  ASSERT_EQ(cells.size(), detectors.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    EXPECT_EQ(cells[i].scored.training, detectors[i].training);
    EXPECT_EQ(cells[i].fit.detector, detectors[i].pretrain.output);
    EXPECT_EQ(cells[i].fit.seed, detectors[i].seed);
    EXPECT_NE(cells[i].scored.folder, detectors[i].folder);
  }
}

TEST(DynamicsCells, CanShareTheFirstSeedsDetector) {
  StudyConfig config = small_study_config();
  config.dynamics.is_one_detector = true;

  const auto cells = dynamics_cells_of(config);

  EXPECT_EQ(cells[1].scored.training, cells[0].scored.training);
  EXPECT_NE(cells[1].fitted, cells[0].fitted);
  EXPECT_NE(cells[1].scored.folder, cells[0].scored.folder);
  EXPECT_NE(cells[2].scored.training, cells[0].scored.training);  // another method
}

TEST(DynamicsCells, WhateverDecidesAResultMakesAnotherCell) {
  const auto base = dynamics_cells_of(small_study_config());
  StudyConfig longer = small_study_config(), detector = longer, elsewhere = longer;
  longer.dynamics.fit.steps = 77;
  detector.mint.pretrain.steps = 77;
  elsewhere.output = "elsewhere";

  EXPECT_NE(dynamics_cells_of(longer)[0].scored.folder, base[0].scored.folder);
  EXPECT_EQ(dynamics_cells_of(longer)[0].scored.training, base[0].scored.training);
  EXPECT_NE(dynamics_cells_of(detector)[0].fitted, base[0].fitted);
  EXPECT_EQ(dynamics_cells_of(elsewhere)[0].scored.folder, base[0].scored.folder);
}

double score_of(const VideoScore& score, const std::string& metric) {
  for (const auto& [name, value] : score.values) {
    if (name == metric) return value;
  }
  ADD_FAILURE() << "no " << metric;
  return NAN;
}

// 32 frames of 80x2 pixels. An object two columns wide moves two columns a frame, with keypoint 0
// in its left column; an object of ten columns rests at the right under keypoint 1.
VideoScore scored_forecasts() {
  constexpr int64_t kFrames = 32;
  VideoClip clip{"v", torch::zeros({kFrames, 3, 2, 80}), {}, ""};
  perception::Keypoints keypoints{torch::full({kFrames, 2, 2}, 0.5), torch::ones({kFrames, 2})};
  for (int64_t t = 0; t < kFrames; ++t) {
    const auto interval = [](int object, int64_t first, int64_t last) {
      std::vector<uint8_t> bitmap(160, 0);
      for (int64_t i = 0; i < 160; ++i) bitmap[i] = i % 80 >= first && i % 80 <= last;
      return perception::ObjectMask{object,
                                    perception::RunLengthMask::from_bitmap(bitmap.data(), 2, 80)};
    };
    clip.objects.push_back({interval(1, 2 * t, 2 * t + 1), interval(2, 70, 79)});
    keypoints.xy[t][0][0] = (2.0 * static_cast<double>(t) + 0.5) / 80;
    keypoints.xy[t][1][0] = 75.0 / 80;
  }
  dynamics::KeypointPredictorConfig config;
  config.keypoints = 2;
  config.hidden = config.effect = 8;
  dynamics::KeypointPredictor predictor(config, /*seed=*/0);
  return score_forecasts(predictor, keypoints, clip);
}

TEST(ScoreForecasts, KnowsHowGoodItIsToStayAndToGoStraightOn) {
  const VideoScore score = scored_forecasts();

  for (const std::string h : {"1", "2", "3"}) {
    EXPECT_DOUBLE_EQ(score_of(score, "dop_" + h), 1);
    EXPECT_DOUBLE_EQ(score_of(score, "moving_copied_" + h), 0);
    EXPECT_DOUBLE_EQ(score_of(score, "resting_copied_" + h), 1);
    EXPECT_DOUBLE_EQ(score_of(score, "success_copied_" + h), 0.5);
    EXPECT_DOUBLE_EQ(score_of(score, "moving_constant_velocity_" + h), 1);
    EXPECT_DOUBLE_EQ(score_of(score, "success_constant_velocity_" + h), 1);
  }
  EXPECT_NEAR(score_of(score, "error_copied_20"), 20, 1e-3);  // 40 px and 0, the mean of two
  EXPECT_NEAR(score_of(score, "error_constant_velocity_20"), 0, 1e-3);
  EXPECT_TRUE(std::isfinite(score_of(score, "error_unrolled_20")));
  EXPECT_GT(score_of(score, "resting_predicted_1"), 0);
}

// Success of the network, of staying and of constant velocity over all and over moving objects.
StudyResults results_of(double network, double stays, double straight) {
  VideoScore video{"v", {}};
  for (const std::string h : {"1", "2", "3"}) {
    video.values.emplace_back("dop_" + h, 0.8);
    for (const std::string what : {"success_", "moving_", "resting_"}) {
      video.values.emplace_back(what + "predicted_" + h, network);
      video.values.emplace_back(what + "unrolled_" + h, network);
      video.values.emplace_back(what + "copied_" + h, stays);
      video.values.emplace_back(what + "constant_velocity_" + h, straight);
    }
  }
  CellScores scores;
  scores.videos = {video};
  return {{"MINT", {{0, scores}}}};
}

TEST(DynamicsStudy, ShowsSuccessAsAShareOfDopBesideReferencesAndThePaper) {
  const Table table = dynamics_table(results_of(0.76, 0.4, 0.6));

  ASSERT_EQ(table.rows.size(), 6u);
  EXPECT_EQ(table.rows[0], (std::vector<std::string>{"MINT", "network", "1", "0.800", "0.760",
                                                     "0.760", "0.760", "0.950", "0.950", "0.950"}));
  EXPECT_EQ(table.rows[2][1], "stays");
  EXPECT_EQ(table.rows[2][4], "0.400");
  EXPECT_EQ(table.rows[3][4], "0.600");
  EXPECT_EQ(table.rows[5][6], "0.811 ± 0.132");
  for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.header.size());
}

TEST(DynamicsStudy, SaysWhenNoDynamicsWereLearnt) {
  EXPECT_EQ(dynamics_verdicts(results_of(0.7, 0.4, 0.6)).at(0),
            "MINT: over moving objects the network beats staying and constant velocity at 1, 2 and "
            "3 frames ahead.");
  EXPECT_EQ(dynamics_verdicts(results_of(0.5, 0.4, 0.6)).at(0),
            "MINT: has not learnt dynamics: over moving objects the network does not beat both "
            "references (1 ahead 0.500, constant velocity 0.600; 2 ahead 0.500, constant velocity "
            "0.600; 3 ahead 0.500, constant velocity 0.600).");
}

TEST(DynamicsStudy, RunsFromVideosToTheTableAndGoesOnWhereItWas) {
  MINT_NEEDS_PROGRAM();
  const tests::TemporaryFolder folder;
  const auto path = [&](const std::string& name) { return (folder.path() / name).string(); };
  const auto run = [&](const std::string& output) {
    return tests::run_mint({"study", "dynamics", "--preset", "quick", "tasks=MoveToRegion",
                            "train_videos=1", "test_videos=1", "methods=MINT", "mint.steps=1",
                            "mint.batch=2", "mint.network.keypoints=3", "dynamics.steps=2",
                            "cells=" + path("cells"), "output=" + path(output)});
  };

  const auto first = run("first"), second = run("second");

  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_NE(first.out.find("paper (CLEVRER; leaks)"), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("MINT: "), std::string::npos) << first.out;
  EXPECT_EQ(second.err.find("cell MINT"), std::string::npos) << second.err;
  EXPECT_EQ(tests::read_file(path("first/table.txt")), tests::read_file(path("second/table.txt")));
  EXPECT_EQ(tests::read_file(path("first/scores.csv")).substr(0, 23), "method,seed,video,dop_1");
  EXPECT_TRUE(fs::exists(path("first/report.html")));
  EXPECT_NE(tests::read_file(path("first/horizons_MINT.svg")).find("frames ahead"),
            std::string::npos);
}

}  // namespace
}  // namespace mint::training
