// `mint fit-dynamics` and `mint imagine` as a user runs them, at tiny sizes.
#include <torch/torch.h>

#include "tests/training/pipeline.h"
#include "training/predictor_run.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::run_mint;
using tests::write_file;

class DynamicsPipeline : public Pipeline {};

TEST_F(DynamicsPipeline, FitDynamicsGivesTheSameBytesForTheSameSeed) {
  const Words tiny = {"steps=20", "batch=8", "predictor.hidden=8", "predictor.effect=8"};
  const auto fit = [&](const std::string& run, const std::string& seed) {
    Words words = dynamics_words(run, tiny);
    words.push_back("seed=" + seed);
    succeed(words);
  };

  fit("dynamics", "1");
  fit("same_dynamics", "1");
  fit("other_dynamics", "2");

  EXPECT_EQ(model("same_dynamics"), model("dynamics"));
  EXPECT_EQ(metrics("same_dynamics"), metrics("dynamics"));
  EXPECT_NE(model("other_dynamics"), model("dynamics"));
  EXPECT_NE(metrics("dynamics").find("\"predicted_px_3\": "), std::string::npos)
      << metrics("dynamics");
  expect_error(clone_words("new", {"detector=" + path("dynamics")}), 1,
               "expected the run of a detector (mint pretrain), got a keypoint predictor's");
  expect_error({"evaluate", path("dynamics")}, 1,
               "expected the run of a policy (mint clone), got that of a keypoint predictor");
}

TEST_F(DynamicsPipeline, FitDynamicsLearnsWhatActionsDoAndReadsItBack) {
  const auto result = run_mint(dynamics_words(
      "acting", {"steps=20", "batch=8", "predictor.actions=18", "predictor.horizons=1"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;

  const auto loaded = load_predictor(path("acting"));

  EXPECT_NE(result.out.find("mean error on held-out videos, pixels:\n"), std::string::npos);
  EXPECT_EQ(loaded.predictor->config().actions, 18);
  EXPECT_EQ(loaded.detector->keypoints(), 25);
  const auto forward = torch::ones({1}, torch::kInt64), none = torch::zeros({1}, torch::kInt64);
  const auto xy = torch::full({1, 4, 25, 2}, 0.5), active = torch::ones({1, 4, 25});
  EXPECT_FALSE(torch::equal(loaded.predictor->predict(xy, active, forward),
                            loaded.predictor->predict(xy, active, none)));
}

TEST_F(DynamicsPipeline, ImagineFilmsADemonstrationAndAVideoAndSaysHowFarOffItIs) {
  succeed(dynamics_words("thinking", {"steps=2", "batch=4"}));
  const auto demonstration =
      run_mint({"imagine", path("demos.h5"), "--episode", "1", "--dynamics", path("thinking"),
                "--frames", "5", "-o", path("imagined.gif")});
  ASSERT_EQ(demonstration.exit_code, 0) << demonstration.err;
  EXPECT_NE(demonstration.out.find("5 ahead: imagined "), std::string::npos) << demonstration.out;
  EXPECT_NE(demonstration.out.find("imagined.gif (41 frames)"), std::string::npos)
      << demonstration.out;

  const auto video = run_mint(
      {"imagine", path("imagined.gif"), "--dynamics", path("thinking"), "-o", path("again.gif")});
  EXPECT_EQ(video.exit_code, 0) << video.err;
  EXPECT_TRUE(fs::exists(path("again.gif")));
  succeed({"imagine", path("imagined.gif"), "--dynamics", path("thinking"), "-o",
           path("folder/of/its/own.gif")});

  write_file(path("broken.mp4"), "no film");
  expect_error({"imagine", path("broken.mp4"), "--dynamics", path("thinking")}, 1,
               path("broken.mp4") + ": ");
}

TEST_F(DynamicsPipeline, ImagineTakesTheDemonstrationsActionsAndNamesWhatIsMissing) {
  succeed(dynamics_words("driven",
                         {"steps=2", "batch=4", "predictor.actions=18", "predictor.horizons=1"}));
  const auto words = [&](const std::string& input, const std::string& run) {
    return Words{"imagine", input, "--dynamics", path(run), "-o", path("never.gif")};
  };

  const auto driven = run_mint(
      {"imagine", path("demos.h5"), "--dynamics", path("driven"), "-o", path("driven.gif")});
  EXPECT_EQ(driven.exit_code, 0) << driven.err;
  expect_error(words(path("driven.gif"), "driven"), 2, "expected a demonstration file (.h5)");
  expect_error(words(path("demos.h5"), "policy"), 1,
               "expected the run of a keypoint predictor (mint fit-dynamics), got a policy's");
  Words far = words(path("demos.h5"), "driven");
  far.insert(far.end(), {"--episode", "3"});
  expect_error(far, 2, "--episode: expected one of the file's 3 demonstrations");
  expect_error({"imagine", path("demos.h5")}, 2, "--dynamics is required");
  EXPECT_FALSE(fs::exists(path("never.gif")));
}

TEST_F(DynamicsPipeline, FitDynamicsNamesSettingsThatDoNotGoTogether) {
  expect_error(dynamics_words("new", {"predictor.keypoints=10"}), 2,
               "got 10 in the predictor and 25 in the detector; set predictor.keypoints=25");
  expect_error(dynamics_words("new", {"predictor.actions=18"}), 2,
               "horizons: expected 1 with actions");
  expect_error(
      dynamics_words("new", {"predictor.actions=18", "predictor.horizons=1", "data=magical"}), 2,
      "fit-dynamics: data: expected demonstration files");
  expect_error(dynamics_words("new", {"detector=" + path("policy")}), 1,
               "expected the run of a detector (mint pretrain), got a policy's");
}

// MoveToRegion has 41 frames.
TEST_F(DynamicsPipeline, FitDynamicsRefusesWindowsLongerThanTheVideos) {
  const auto result = run_mint(dynamics_words("short", {"predictor.history=39"}));

  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("data: expected videos of at least 42 frames"), std::string::npos)
      << result.err;
}

}  // namespace
}  // namespace mint::training
