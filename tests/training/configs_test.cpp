// The experiments in configs/ load, and say what their comments say.
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "agents/registry.h"
#include "envs/task.h"
#include "training/clone_config.h"
#include "training/dynamics_config.h"
#include "training/imitation_config.h"
#include "training/pretrain_config.h"
#include "training/study_config.h"

namespace mint::training {
namespace {

std::string config_file(const std::string& name) {
  const char* source = std::getenv("MINT_SOURCE_DIR");
  return (std::filesystem::path(source ? source : ".") / "configs" / name).string();
}

CloneConfig clone_config(const std::string& name) {
  return load_config<CloneConfig>(config_file(name),
                                  {"task=MoveToCorner", "data=demos.h5", "detector=runs/pretrain"});
}

TEST(Configs, PretrainMagicalIsThePublishedSetting) {
  const auto config =
      load_config<PretrainConfig>(config_file("pretrain_magical.yaml"), {"data=demos.h5"});

  PretrainConfig expected;
  expected.data.files = {"demos.h5"};
  expected.data.tasks = {"MoveToRegion", "MoveToCorner", "MakeLine"};
  EXPECT_EQ(dump_config(config), dump_config(expected));
  EXPECT_EQ(config.mint_loss.overlap_weight, 30);  // mint.md section 1
  EXPECT_EQ(config.epochs, 20);
}

PretrainConfig pretrain_config(const std::string& name) {
  return load_config<PretrainConfig>(config_file(name), {"data=videos"});
}

TEST(Configs, TransporterHasTheSettingsOfTheComparison) {
  const auto config = pretrain_config("pretrain_transporter_comparison.yaml");
  EXPECT_EQ(config.detector, "transporter");
  EXPECT_EQ(config.batch * config.transporter_pairs.per_window, 64);  // spec 2.5
  EXPECT_EQ(config.learning_rate, 1e-4);
  EXPECT_EQ(config.weight_decay, 0);
  EXPECT_EQ(config.gradient_clip, 0);
  EXPECT_EQ(frame_size(config).width, 480);
}

TEST(Configs, VideoStructureHasTheSettingsOfTheComparison) {
  const auto config = pretrain_config("pretrain_video_structure_comparison.yaml");
  EXPECT_EQ(config.detector, "video_structure");
  EXPECT_EQ(config.batch * config.video_structure_frames, 256);  // spec 1
  EXPECT_EQ(config.learning_rate, 1e-3);
  EXPECT_EQ(config.weight_decay, 5e-5);
  EXPECT_EQ(config.gradient_clip, 1);
  EXPECT_EQ(frame_size(config).width, 480);
}

TEST(Configs, TheOriginalsOfBothBaselinesAreTheOtherVariant) {
  EXPECT_EQ(pretrain_config("pretrain_transporter_original.yaml").detectors.transporter.variant,
            "original");
  EXPECT_EQ(
      pretrain_config("pretrain_video_structure_original.yaml").detectors.video_structure.variant,
      "original");
}

// mint.md section 1.
TEST(Configs, VideoSetsHaveThePublishedSettings) {
  const auto clevrer =
      load_config<PretrainConfig>(config_file("pretrain_clevrer.yaml"), {"data=CLEVRER"});
  const auto simitate =
      load_config<PretrainConfig>(config_file("pretrain_simitate.yaml"), {"data=SIMITATE"});

  EXPECT_EQ(clevrer.mint_loss.sigma, 9);
  EXPECT_EQ(clevrer.mint_loss.tau, 0.1);
  EXPECT_EQ(clevrer.weight_decay, 1e-5);
  EXPECT_EQ(clevrer.detectors.mint.train_gamma, 15);
  EXPECT_EQ(frame_size(clevrer).height, 320);
  EXPECT_EQ(simitate.mint_loss.tau, 0.5);
  EXPECT_EQ(simitate.mint_loss.frames, 2);
  EXPECT_EQ(frame_size(simitate).height, 272);
}

TEST(Configs, EveryOtherPretrainFileLoads) {
  for (const char* name :
       {"mime", "vtest", "tree", "transporter_original", "transporter_comparison",
        "video_structure_original", "video_structure_comparison"}) {
    const std::string file = std::string("pretrain_") + name + ".yaml";
    EXPECT_NO_THROW(load_config<PretrainConfig>(config_file(file), {"data=videos"})) << name;
  }
}

TEST(Configs, EveryStudyPresetLoads) {
  for (const std::string preset : {"quick", "full", "paper"}) {
    EXPECT_NO_THROW(load_config<StudyConfig>(config_file("study_magical_" + preset + ".yaml")));
    EXPECT_NO_THROW(load_config<StudyConfig>(config_file("study_collisions_" + preset + ".yaml"),
                                             {"data=runs/collisions"}));
  }
}

TEST(Configs, CloneKeypointsIsTheDefault) {
  CloneConfig expected;
  expected.task = "MoveToCorner";
  expected.data.files = {"demos.h5"};
  expected.detector = "runs/pretrain";

  EXPECT_EQ(dump_config(clone_config("clone_keypoints.yaml")), dump_config(expected));
}

TEST(Configs, CloneDaggerIsCloneKeypointsWithAnOracle) {
  CloneConfig expected = clone_config("clone_keypoints.yaml");
  expected.algorithm = "dagger";

  EXPECT_EQ(dump_config(clone_config("clone_dagger.yaml")), dump_config(expected));
}

TEST(Configs, CloneAttentionAndMlpFollowPlansInChunksOfASecond) {
  for (const char* name : {"clone_attention.yaml", "clone_mlp.yaml"}) {
    CloneConfig config = clone_config(name);
    agents::set_plans(config.policy, 24);
    const auto policy = agents::make_policy(config.policy, /*seed=*/0);

    EXPECT_EQ(policy->plans(), 24) << name;
    EXPECT_EQ(policy->chunk(), 8) << name;
  }
}

TEST(Configs, CloneCnnIsThePapersBaseline) {
  const auto config = clone_config("clone_cnn.yaml");
  const auto policy = agents::make_policy(config.policy, /*seed=*/0);

  int64_t parameters = 0;
  for (const auto& parameter : policy->parameters()) parameters += parameter.numel();
  EXPECT_EQ(parameters, 1761810);  // spec A.4
  EXPECT_EQ(policy->chunk(), 1);
  EXPECT_EQ(config.learning_rate, 1e-4);
}

TEST(Configs, TheImitationStudiesLoad) {
  for (const char* name :
       {"study_imitation_quick.yaml", "study_imitation_full.yaml", "study_imitation_paper.yaml",
        "study_imitation_tasks.yaml", "study_imitation_multiplied.yaml"}) {
    const auto config = load_config<ImitationConfig>(config_file(name), {});
    EXPECT_FALSE(config.methods.empty()) << name;
  }
}

TEST(Configs, TheImitationStudiesTrainDaggerAsAttentionWithoutPlansAndCopies) {
  for (const char* name : {"study_imitation_quick.yaml", "study_imitation_full.yaml"}) {
    const auto config = load_config<ImitationConfig>(config_file(name), {});
    CloneConfig expected = config.attention.clone;
    expected.algorithm = "dagger";
    expected.dagger = config.dagger.clone.dagger;
    expected.policy.attention.plan.plans = 0;
    expected.plan_choice = "none";
    expected.copies = {};

    EXPECT_EQ(dump_config(config.dagger.clone), dump_config(expected)) << name;
    EXPECT_EQ(config.dagger.steps_of_task, config.attention.steps_of_task) << name;
  }
}

// agents_dynamics.md A.1, A.2 and A.4.
TEST(Configs, TheImitationStudyOfThePaperHasItsBudget) {
  const auto config =
      load_config<ImitationConfig>(config_file("study_imitation_paper.yaml"), {"data=human.h5"});
  const CloneConfig &interaction = config.interaction.clone, &cnn = config.cnn.clone;

  EXPECT_EQ(config.demonstrations, "human");
  EXPECT_EQ(config.tasks, (std::vector<std::string>{"MoveToRegion", "MoveToCorner", "MakeLine"}));
  EXPECT_EQ(config.seeds, 5);
  EXPECT_EQ(config.episodes, 25);
  EXPECT_EQ(config.demos, 10);
  EXPECT_EQ(config.detector_demos, 24);
  EXPECT_EQ(dump_config(interaction.policy.interaction),
            dump_config(agents::paper_interaction_policy()));
  EXPECT_EQ(dump_config(cnn.policy.cnn), dump_config(agents::CnnPolicyConfig()));
  EXPECT_EQ(interaction.learning_rate, 1e-3);
  EXPECT_EQ(cnn.learning_rate, 1e-4);
  EXPECT_EQ(interaction.detect_gamma, 15);
  for (const CloneConfig& clone : {interaction, cnn}) {
    EXPECT_EQ(clone.batch, 32);
    EXPECT_EQ(clone.optimiser, "adam");
    EXPECT_EQ(clone.cooldown, 0);
    EXPECT_EQ(clone.weight_decay, 1e-6);
    EXPECT_EQ(clone.gradient_clip, 10);
    EXPECT_EQ(clone.idle_tail, 0);
  }
}

// Every decision of ten demonstrations, the last, partial batch kept; cnn exactly twice.
TEST(Configs, TheImitationStudyOfThePaperHasItsEpochs) {
  const auto config =
      load_config<ImitationConfig>(config_file("study_imitation_paper.yaml"), {"data=human.h5"});
  const std::vector<int64_t> epochs = {1000, 2500, 5000};

  for (size_t i = 0; i < epochs.size(); ++i) {
    const int64_t decisions = config.demos * envs::find_task(config.tasks[i]).episode_length;
    const int64_t batches = (decisions + 31) / 32;
    EXPECT_EQ(config.interaction.steps_of_task.at(i), epochs[i] * batches);
    EXPECT_EQ(config.cnn.steps_of_task.at(i), 2 * epochs[i] * batches);
  }
}

TEST(Configs, ClonePaperHasThePapersParameters) {
  const auto policy = agents::make_policy(clone_config("clone_paper.yaml").policy, /*seed=*/0);

  int64_t parameters = 0;
  for (const auto& tensor : policy->parameters()) parameters += tensor.numel();
  EXPECT_EQ(parameters, 193385);  // agents_dynamics.md A.1
}

DynamicsConfig dynamics_config(const std::string& name) {
  return load_config<DynamicsConfig>(config_file(name), {"data=videos", "detector=runs/pretrain"});
}

TEST(Configs, DynamicsPaperIsThePublishedSetting) {
  const auto config = dynamics_config("dynamics_paper.yaml");

  EXPECT_EQ(dump_config(config.predictor), dump_config(dynamics::paper_keypoint_predictor()));
  EXPECT_EQ(config.steps, 4000);  // spec A.5: 50 epochs of 80
  EXPECT_EQ(config.optimiser, "adam");
  EXPECT_EQ(config.cooldown, 0);
  EXPECT_EQ(config.weight_decay, 1e-6);
}

TEST(Configs, DynamicsFilesDifferFromTheDefaultsAsTheySay) {
  DynamicsConfig expected = dynamics_config("dynamics_collisions.yaml");
  EXPECT_EQ(dump_config(expected.predictor), dump_config(dynamics::KeypointPredictorConfig()));

  EXPECT_EQ(expected.steps, 1500);

  expected.steps = DynamicsConfig().steps;
  expected.predictor.actions = 18;
  expected.predictor.horizons = 1;
  expected.predictor.unroll = 4;
  EXPECT_EQ(dump_config(dynamics_config("dynamics_magical.yaml")), dump_config(expected));
  EXPECT_NO_THROW(dynamics::validate(expected.predictor));
}

}  // namespace
}  // namespace mint::training
