// Runs that are killed with SIGKILL at random moments and resumed end as runs that nobody touched:
// the same weights, training state and metrics, byte for byte. MINT_KILLS says how many kills each
// command gets; 3 without it.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/training/pipeline.h"

namespace mint::training {
namespace {

namespace fs = std::filesystem;
using tests::read_file;
using tests::run_mint;

int wanted_kills() {
  const char* text = std::getenv("MINT_KILLS");
  const int kills = text ? std::atoi(text) : 3;
  if (kills < 1) {
    throw std::invalid_argument(std::string("MINT_KILLS: expected an integer >= 1, got ") + text);
  }
  return kills;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

class KilledRun : public Pipeline {
 protected:
  static Words with(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  // A run's folder, on a disk: there writes take so long that kills come in the middle of them.
  static std::string place(const std::string& run) {
    static const tests::TemporaryFolder disk(tests::TemporaryFolder::kOnDisk);
    return (disk.path() / run).string();
  }

  // What must not differ.
  static std::vector<std::string> contents(const std::string& run) {
    std::vector<std::string> bytes;
    for (const char* file : {"last/model.safetensors", "last/training_state.safetensors",
                             "last/training_state.json", "metrics.jsonl"}) {
      bytes.push_back(read_file(place(run) + "/" + file));
    }
    return bytes;
  }

  // Whether the run was killed in the middle of writing a checkpoint.
  static bool is_half_written(const std::string& run) {
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(place(run) + "/checkpoints", absent)) {
      if (entry.path().filename().string().front() == '.') return true;
    }
    return false;
  }

  // `words(folder)` is the command that has its run there; `compare` gets the name of one that was
  // killed on its way, beside the uninterrupted "whole".
  static void expect_the_same(const std::function<Words(const std::string&)>& words,
                              const std::function<void(const std::string&)>& compare) {
    const auto begin = std::chrono::steady_clock::now();
    succeed(words(place("whole")));
    const double whole_s = seconds_since(begin);
    std::mt19937 random(std::random_device{}());
    std::uniform_real_distribution<double> moment(0.02 * whole_s, whole_s);
    int kills = 0, half_written = 0, runs = 0, lives = 0;
    while (kills < wanted_kills()) {
      const std::string run = "killed_" + std::to_string(runs++);
      const auto resume = with(words(place(run)), {"--resume"});
      bool is_running = true;
      while (is_running && kills < wanted_kills()) {
        const int process = tests::start_mint(resume);
        usleep(static_cast<useconds_t>(1e6 * moment(random)));
        is_running = ::kill(process, SIGKILL) == 0 && tests::wait_for(process) == 128 + SIGKILL;
        kills += is_running ? 1 : 0;
        half_written += is_running && is_half_written(run) ? 1 : 0;
        ++lives;
        ASSERT_LT(lives, 20 * wanted_kills()) << "the kills came too late";
      }
      const auto last = run_mint(resume);
      ASSERT_EQ(last.exit_code, 0) << last.err;
      compare(run);
      fs::remove_all(place(run));
    }
    std::printf("%d kills, %d of them in the write of a checkpoint, %d runs, %.1f s each\n", kills,
                half_written, runs, whole_s);
  }

  static void expect_the_same(const std::function<Words(const std::string&)>& words) {
    expect_the_same(words,
                    [](const std::string& run) { EXPECT_EQ(contents(run), contents("whole")); });
  }

  void TearDown() override {
    if (getenv("MINT_PROGRAM")) fs::remove_all(place("whole"));
  }
};

TEST_F(KilledRun, OfPretrainEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return with(pretrain_words(folder), {"epochs=3", "batch=4", "checkpoint_every=1"});
  });
}

TEST_F(KilledRun, OfPretrainWithDrawnPairsEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return with(
        pretrain_words(folder),
        {"detector=transporter", "transporter.variant=original", "steps=30",
         "transporter.channels=4", "transporter.input_height=24", "transporter.input_width=24",
         "transporter_pairs.per_window=2", "batch=2", "checkpoint_every=2"});
  });
}

TEST_F(KilledRun, OfPretrainWithReconstructionEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return with(pretrain_words(folder),
                {"detector=video_structure", "video_structure.channels=4", "steps=12", "batch=2",
                 "video_structure.input_height=16", "video_structure.input_width=16",
                 "video_structure_frames=4", "checkpoint_every=1"});
  });
}

TEST_F(KilledRun, OfCloneEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return clone_words(
        folder, {"steps=150", "checkpoint_every=3", "ema=0.9", "interaction.keypoint_dropout=0.1",
                 "interaction.keypoint_noise=0.01"});
  });
}

TEST_F(KilledRun, OfCloneWithAPlanEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return clone_words(folder, {"policy=mlp", "steps=100", "checkpoint_every=3", "optimiser=adamw",
                                "plan_choice=retraced", "mlp.width=32", "mlp.hidden=32"});
  });
}

TEST_F(KilledRun, OfCloneWithAttentionEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return clone_words(folder, {"policy=attention", "steps=60", "checkpoint_every=3",
                                "optimiser=adamw", "attention.layers=1", "attention.plan.plans=-1",
                                "attention.noise.keypoint_noise=0.02", "batch=16"});
  });
}

TEST_F(KilledRun, OfCloneOnPixelsEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return clone_words(folder, {"policy=cnn", "detector=", "steps=8", "checkpoint_every=1",
                                "batch=2", "cnn.shift_px=4"});
  });
}

TEST_F(KilledRun, OfCloneWithFilmsCopiesAndHeldOutEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return clone_words(folder, {"steps=60", "checkpoint_every=4", "rollout_every=25",
                                "copies.copies=1", "held_out_per_task=1", "demos_per_task=1"});
  });
}

TEST_F(KilledRun, OfDaggerEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return clone_words(folder, {"algorithm=dagger", "steps=60", "dagger.rounds=2",
                                "dagger.episodes=2", "checkpoint_every=4"});
  });
}

TEST_F(KilledRun, OfFitDynamicsEndsTheSame) {
  expect_the_same([](const std::string& folder) {
    return dynamics_words(folder, {"steps=150", "batch=8", "checkpoint_every=3", "ema=0.9"});
  });
}

TEST_F(KilledRun, OfQuickstartEndsTheSame) {
  expect_the_same(
      [](const std::string& folder) {
        return Words{"quickstart",       "--output", folder,     "tasks=MoveToRegion",
                     "demonstrations=2", "epochs=1", "steps=20", "episodes=1"};
      },
      [](const std::string& run) {
        for (const char* file : {"/detector/last/model.safetensors", "/detector/metrics.jsonl",
                                 "/policy-MoveToRegion/last/model.safetensors",
                                 "/policy-MoveToRegion/metrics.jsonl", "/evaluation.csv"}) {
          EXPECT_EQ(read_file(place(run) + file), read_file(place("whole") + file)) << file;
        }
      });
}

// Of all cells of a study: the models, in no order, because the names of the folders hold the place
// of the study; and the scores.
std::vector<std::string> study_contents(const std::string& folder) {
  std::vector<std::string> bytes;
  for (const auto& entry : fs::recursive_directory_iterator(folder + "/cells")) {
    if (entry.path().filename() == "last")
      bytes.push_back(read_file(entry.path() / "model.safetensors"));
  }
  std::sort(bytes.begin(), bytes.end());
  bytes.push_back(read_file(folder + "/out/scores.csv"));
  return bytes;
}

std::vector<std::string> dynamics_study(const std::string& folder) {
  return {"study",
          "dynamics",
          "tasks=MoveToRegion",
          "train_videos=1",
          "test_videos=1",
          "methods=MINT",
          "mint.steps=3",
          "mint.batch=2",
          "mint.network.keypoints=3",
          "cells=" + folder + "/cells",
          "output=" + folder + "/out"};
}

std::vector<std::string> imitation_study(const std::string& folder) {
  return {"study",
          "imitation",
          "demos=2",
          "held_out=0",
          "episodes=1",
          "videos=0",
          "pretrain.steps=3",
          "pretrain.batch=4",
          "dagger.policy=interaction",
          "dagger.rounds=1",
          "dagger.episodes=1",
          "variants=Demo",
          "cells=" + folder + "/cells",
          "output=" + folder + "/out"};
}

TEST_F(KilledRun, OfAStudyOfKeypointsEndsTheSame) {
  expect_the_same(
      [](const std::string& folder) { return with(dynamics_study(folder), {"dynamics.steps=20"}); },
      [](const std::string& run) {
        const auto killed = study_contents(place(run));
        EXPECT_EQ(killed.size(), 3u);
        EXPECT_EQ(killed, study_contents(place("whole")));
      });
}

TEST_F(KilledRun, OfAStudyOfImitationEndsTheSame) {
  expect_the_same(
      [](const std::string& folder) {
        return with(imitation_study(folder),
                    {"methods=interaction,dagger", "interaction.steps=20", "dagger.steps=20"});
      },
      [](const std::string& run) {
        const auto killed = study_contents(place(run));
        EXPECT_EQ(killed.size(), 4u);
        EXPECT_EQ(killed, study_contents(place("whole")));
      });
}

// A signal's own course: the step in hand ends, everything is saved, the exit code says which.
TEST_F(KilledRun, AfterASignalGoesOnWhereItWasSaved) {
  const auto words = [](const std::string& folder) {
    return clone_words(folder, {"steps=400", "checkpoint_every=0", "ema=0.9"});
  };
  succeed(words(place("whole")));
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string run = "stopped_" + std::to_string(signal);
    ASSERT_EQ(interrupt(words(place(run)), place(run), signal), 128 + signal);
    ASSERT_TRUE(fs::exists(place(run) + "/last/manifest.json"));
    succeed(with(words(place(run)), {"--resume"}));
    EXPECT_EQ(contents(run), contents("whole"));
  }
}

// The run in a folder `name` somewhere below `root` once it has metrics.
fs::path find_run(const fs::path& root, const std::string& name) {
  std::error_code changing;  // it is written all the time
  for (fs::recursive_directory_iterator at(root, changing), end; at != end;
       at.increment(changing)) {
    if (at->path().filename() == name && fs::exists(at->path() / "metrics.jsonl")) return *at;
    if (changing) break;
  }
  return {};
}

// What trains more than once: stopped in the middle of its last training it does not begin that
// anew, because the checkpoint of that moment is still there in the end.
TEST_F(KilledRun, AfterASignalGoesOnInTheMiddleOfItsLastTraining) {
  const auto studies = [](const std::string& folder) { return study_contents(folder); };
  const auto policy = [](const std::string& folder) {
    return std::vector<std::string>{
        read_file(folder + "/policy-MoveToRegion/last/model.safetensors"),
        read_file(folder + "/policy-MoveToRegion/metrics.jsonl")};
  };
  struct Case {
    std::function<Words(const std::string& folder)> words;
    std::string training;  // the folder of the last one
    std::function<std::vector<std::string>(const std::string& folder)> contents;
  };
  const std::vector<Case> cases = {
      {[](const auto& folder) { return with(dynamics_study(folder), {"dynamics.steps=400"}); },
       "predictor", studies},
      {[](const auto& folder) {
         return with(imitation_study(folder), {"methods=interaction", "interaction.steps=100"});
       },
       "policy", studies},
      {[](const auto& folder) {
         return Words{"quickstart",       "--output", folder,      "tasks=MoveToRegion",
                      "demonstrations=2", "epochs=1", "steps=100", "episodes=1"};
       },
       "policy-MoveToRegion", policy}};
  for (const Case& one : cases) {
    succeed(one.words(place("whole")));
    const fs::path stopped = place("stopped_" + one.training);
    const int process = tests::start_mint(one.words(stopped.string()));
    for (int i = 0; i < 30000 && find_run(stopped, one.training).empty(); ++i) usleep(2000);
    ::kill(process, SIGTERM);
    ASSERT_EQ(tests::wait_for(process), 128 + SIGTERM) << one.training;
    const auto checkpoint = fs::canonical(find_run(stopped, one.training) / "last");

    succeed(with(one.words(stopped.string()), {"--resume"}));

    EXPECT_NE(checkpoint, fs::canonical(find_run(stopped, one.training) / "last"));
    EXPECT_TRUE(fs::exists(checkpoint)) << checkpoint;
    EXPECT_EQ(one.contents(stopped.string()), one.contents(place("whole"))) << one.training;
    fs::remove_all(place("whole"));
    fs::remove_all(stopped);
  }
}

TEST_F(KilledRun, IsResumedOnlyWithItsOwnConfiguration) {
  succeed(clone_words("kept", {"steps=2"}));

  const auto other = run_mint(clone_words("kept", {"steps=3", "--resume"}));
  const auto again = run_mint(clone_words("kept", {"steps=2", "--resume"}));
  const auto nameless = run_mint({"clone", "task=MoveToRegion", "--resume"});

  EXPECT_EQ(other.exit_code, 1);
  EXPECT_EQ(other.err, "mint: " + path("kept/config.yaml") +
                           ": a resumed run keeps its configuration: expected \"steps: 2\", got "
                           "\"steps: 3\"\n");
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(nameless.exit_code, 2) << nameless.err;
}

}  // namespace
}  // namespace mint::training
