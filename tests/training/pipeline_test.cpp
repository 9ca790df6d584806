// The real program from demonstrations to a score, at tiny sizes: the same seed gives the same
// bytes, and what goes wrong between two stages is said in one line.
#include <algorithm>
#include <map>

#include "envs/task.h"
#include "tests/training/pipeline.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::ProgramResult;
using tests::read_file;
using tests::run_mint;
using tests::write_file;

// The MP4 files of a run: names to bytes.
std::map<std::string, std::string> videos(const fs::path& run) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(run / "videos")) {
    if (entry.path().extension() == ".mp4")
      files[entry.path().filename()] = read_file(entry.path());
  }
  return files;
}

TEST_F(Pipeline, RecordGivesTheSameBytesForTheSameSeed) {
  record("same.h5", 1);
  record("other.h5", 2);

  EXPECT_EQ(read_file(path("same.h5")), read_file(path("demos.h5")));
  EXPECT_NE(read_file(path("other.h5")), read_file(path("demos.h5")));
}

TEST_F(Pipeline, RecordLeavesTheEpisodesOfAKilledRecordingAlone) {
  fs::copy(path("demos.h5"), path("killed.h5.partial"));

  expect_error({"record", "--task", "MoveToRegion", "-n", "1", "-o", path("killed.h5")}, 1,
               "rename it to keep them");

  EXPECT_EQ(read_file(path("killed.h5.partial")), read_file(path("demos.h5")));
  EXPECT_FALSE(fs::exists(path("killed.h5")));
}

TEST_F(Pipeline, PretrainGivesTheSameBytesForTheSameSeed) {
  pretrain("same_detector", 1);
  pretrain("other_detector", 2);

  EXPECT_EQ(model("same_detector"), model("detector"));
  EXPECT_EQ(metrics("same_detector"), metrics("detector"));
  EXPECT_NE(model("other_detector"), model("detector"));
  EXPECT_NE(metrics("other_detector"), metrics("detector"));
}

// The first policy was trained on keypoints just detected, these are on cached ones.
TEST_F(Pipeline, CloneGivesTheSameBytesForTheSameSeed) {
  ASSERT_FALSE(fs::is_empty(path("detector/keypoints")));

  clone("same_policy", 1);
  clone("other_policy", 2);

  EXPECT_EQ(model("same_policy"), model("policy"));
  EXPECT_EQ(metrics("same_policy"), metrics("policy"));
  EXPECT_NE(model("other_policy"), model("policy"));
  EXPECT_NE(metrics("other_policy"), metrics("policy"));
}

TEST_F(Pipeline, DaggerAddsLabelledRolloutsAndGivesTheSameBytesForTheSameSeed) {
  const Words dagger = {"algorithm=dagger", "steps=30", "dagger.rounds=2", "dagger.episodes=2"};

  succeed(clone_words("dagger", dagger));
  succeed(clone_words("same_dagger", dagger));

  EXPECT_EQ(model("dagger"), model("same_dagger"));
  EXPECT_EQ(metrics("dagger"), metrics("same_dagger"));
  EXPECT_NE(metrics("dagger").find("\"step\": 20, \"dagger_round\": 2, \"dagger_decisions\": 80"),
            std::string::npos)
      << metrics("dagger");
  succeed({"evaluate", path("dagger"), "--variants", "Demo", "--episodes", "1"});
}

TEST_F(Pipeline, DaggerNamesSettingsThatDoNotGoTogether) {
  expect_error(clone_words("new", {"algorithm=dagger", "steps=5"}), 2,
               "clone: steps: expected more than dagger.rounds (5), got 5");
  expect_error(clone_words("new", {"algorithm=dagger", "policy=attention",
                                   "attention.plan.plans=-1", "demos_per_task=2"}),
               2, "clone: plan_choice: expected none, because the labels of DAgger");
  expect_error(clone_words("new", {"dagger.mixing=2"}), 2,
               "dagger.mixing: expected a number in [0, 1], got");
}

TEST_F(Pipeline, TrainingGivesTheSameBytesForAnyNumberOfThreads) {
  for (const std::string count : {"1", "2", "7"}) {
    const Words threads = {"OMP_NUM_THREADS=" + count, "OPENBLAS_NUM_THREADS=" + count};
    auto words = pretrain_words("threads_" + count);
    words.push_back("threads=" + count);
    ASSERT_EQ(run_mint(words, threads).exit_code, 0);
    words = clone_words("policy_" + count, {"policy=attention", "steps=5"});
    ASSERT_EQ(run_mint(words, threads).exit_code, 0);
  }
  for (const std::string run : {"threads_", "policy_"}) {
    for (const std::string count : {"2", "7"}) {
      EXPECT_EQ(model(run + count), model(run + "1"));
      EXPECT_EQ(metrics(run + count), metrics(run + "1"));
    }
  }
}

// A policy of thirty steps scores 0 whatever the seed: that another seed starts elsewhere shows in
// the videos and in the list of episodes.
TEST_F(Pipeline, EvaluateGivesTheSameBytesForTheSameSeed) {
  const auto first = evaluate("first", 1), same = evaluate("same", 1), other = evaluate("other", 2);

  EXPECT_EQ(read_file(same / "evaluation.csv"), read_file(first / "evaluation.csv"));
  EXPECT_EQ(read_file(same / "evaluation.json"), read_file(first / "evaluation.json"));
  EXPECT_NE(read_file(other / "evaluation.json"), read_file(first / "evaluation.json"));
  EXPECT_EQ(videos(same), videos(first));
  EXPECT_NE(videos(other), videos(first));
}

TEST_F(Pipeline, EvaluateScoresTheSameWithOneTwoAndSevenEnvironmentsAtOnce) {
  for (const std::string policy : {"interaction", "attention", "mlp"}) {
    const std::string run = "by_" + policy;
    succeed(clone_words(run, {"policy=" + policy, "steps=3"}));
    std::vector<std::string> results;
    for (const char* environments : {"1", "2", "7"}) {
      succeed({"evaluate", path(run), "--variants", "TestJitter", "--episodes", "8", "--videos",
               "0", "--environments", environments});
      results.push_back(read_file(path(run + "/evaluation.json")));
    }
    EXPECT_EQ(results[0], results[1]) << run;
    EXPECT_EQ(results[0], results[2]) << run;
  }
}

TEST_F(Pipeline, EvaluateScoresAllVariantsOfTheTaskOnRequest) {
  const std::string csv = read_file(evaluate("all", 1, "all") / "evaluation.csv");

  for (const std::string& variant : envs::find_task("MoveToRegion").variants) {
    EXPECT_NE(csv.find(",MoveToRegion-" + variant + "-v0,"), std::string::npos) << variant;
  }
}

TEST_F(Pipeline, PlayFilmsThePolicyWithItsKeypoints) {
  const auto result = run_mint({"play", path("policy"), "--variant", "TestJitter", "--headless",
                                "--camera", "both", "--masks", "--video", path("policy.mp4")});

  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.rfind("MoveToRegion-TestJitter: seed 0: score ", 0), 0u) << result.out;
  EXPECT_NE(result.out.find(path("policy.mp4") + ": 49 frames, 768 x 384\n"), std::string::npos)
      << result.out;
  EXPECT_GT(fs::file_size(path("policy.mp4")), 10000u);
}

TEST_F(Pipeline, NamesBothNumbersOfKeypointsThatDiffer) {
  expect_error(clone_words("new", {"interaction.keypoints=10"}), 2,
               "got 10 in the policy and 25 in the detector");
}

TEST_F(Pipeline, NamesARunOfTheWrongKind) {
  expect_error({"evaluate", path("detector")}, 1,
               "expected the run of a policy (mint clone), got that of a detector");
  expect_error(clone_words("new", {"detector=" + path("policy")}), 1,
               "expected the run of a detector (mint pretrain), got a policy's");
}

TEST_F(Pipeline, NamesAMissingRun) {
  const std::string missing = path("missing");

  expect_error(clone_words("new", {"detector=" + missing}), 1, missing);
  expect_error({"evaluate", missing}, 1, missing);
}

TEST_F(Pipeline, NamesATaskThatTheDemonstrationsLack) {
  expect_error(clone_words("new", {"task=MakeLine"}), 1,
               path("demos.h5") + ": expected demonstrations of MakeLine, got none");
}

TEST_F(Pipeline, RefusesAFolderThatHoldsSomething) {
  fs::create_directory(path("occupied"));
  write_file(path("occupied/notes.txt"), "precious");
  const std::string message = "expected an empty or new folder, got one with notes.txt";

  expect_error(pretrain_words("occupied"), 1, message);
  expect_error(clone_words("occupied", {}), 1, message);
  EXPECT_EQ(read_file(path("occupied/notes.txt")), "precious");
}

TEST_F(Pipeline, SuggestsTheNearestKeyOfAGroup) {
  expect_error(clone_words("new", {"interaction.historry=3"}), 2,
               "interaction.historry: unknown key; did you mean \"history\"?");
}

TEST_F(Pipeline, AsksForTheDataThatWasNotGiven) {
  expect_error({"pretrain", "output=" + path("new")}, 2, "data: expected demonstration files");
}

// MoveToRegion has 41 frames.
TEST_F(Pipeline, RefusesSequencesLongerThanTheDemonstrations) {
  auto words = pretrain_words("new");
  words.push_back("mint_loss.frames=42");

  expect_error(words, 1, "expected videos of at least 42 frames (a training window), got 41");
}

TEST_F(Pipeline, NamesTheFileOfACheckpointThatIsDamaged) {
  const std::string run = path("damaged");
  fs::copy(path("detector"), run, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  const std::string file = run + "/checkpoints/5/model.safetensors";
  std::string bytes = read_file(file);
  bytes[bytes.size() / 2] ^= 1;
  write_file(file, bytes);

  expect_error(clone_words("new", {"detector=" + run}), 1, file + ": checksum: expected");
}

TEST_F(Pipeline, PretrainSavesACheckpointWhenInterrupted) {
  auto words = pretrain_words("stopped_detector");
  words.push_back("epochs=100000");

  EXPECT_EQ(interrupt(words, "stopped_detector"), 130);

  EXPECT_EQ(run_mint({"inspect", path("stopped_detector")}).exit_code, 0);
  EXPECT_GT(model("stopped_detector").size(), 0u);
}

TEST_F(Pipeline, CloneSavesACheckpointWhenInterrupted) {
  const auto words = clone_words("stopped_policy", {"steps=100000000"});

  EXPECT_EQ(interrupt(words, "stopped_policy"), 130);

  EXPECT_EQ(run_mint({"inspect", path("stopped_policy")}).exit_code, 0);
  EXPECT_GT(model("stopped_policy").size(), 0u);
}

TEST_F(Pipeline, QuickstartWritesScoresReportAndVideos) {
  const auto result = run_mint({"quickstart", "--output", path("quickstart"), "tasks=MoveToRegion",
                                "demonstrations=2", "epochs=1", "steps=20", "episodes=1"});

  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string report = path("quickstart/report.html");
  EXPECT_NE(result.out.find("report: " + report + "\n"), std::string::npos) << result.out;
  EXPECT_NE(read_file(report).find("data:video/mp4;base64,"), std::string::npos);
  const std::string csv = read_file(path("quickstart/evaluation.csv"));
  EXPECT_EQ(csv.substr(0, csv.find('\n')),  // the original's columns
            "demo_env,test_env,mean_score,ci95_lower,ci95_upper,std_score,run_id");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);  // and a row each for Demo, TestJitter
  EXPECT_FALSE(videos(path("quickstart/policy-MoveToRegion")).empty());
}

}  // namespace
}  // namespace mint::training
