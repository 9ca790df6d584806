#include "training/clone.h"

#include <cstdio>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "agents/registry.h"
#include "envs/random.h"
#include "training/agent.h"
#include "training/checkpoint.h"
#include "training/environment_report.h"
#include "training/frame_dataset.h"
#include "training/interrupt.h"
#include "training/keypoint_cache.h"
#include "training/policy_training.h"
#include "training/run_directory.h"

namespace mint::training {
namespace {

constexpr int64_t kAccuracyEvery = 500;  // steps between two looks at the held-out demonstrations

KeypointDataset detect_dataset(const std::vector<Episode>& episodes, const LoadedDetector& loaded,
                               const CloneConfig& config, int64_t history,
                               const OnProgress& on_progress) {
  const auto frames = make_frame_dataset(episodes).frames;
  const auto keypoints =
      cached_keypoints(*loaded.detector, loaded.config.mint.detect_gamma, frames,
                       std::filesystem::path(config.detector) / "keypoints", [&](int64_t done) {
                         on_progress({"keypoints", "frames", done, frames.size(0), ""});
                       });
  return make_keypoint_dataset(episodes, keypoints, history, config.idle_tail);
}

void require_same_keypoints(const agents::Policy& policy, const LoadedDetector& loaded) {
  const int64_t expected = loaded.detector->keypoints();
  if (policy.keypoints() != expected) {
    throw ConfigError("clone: policy and detector: expected the same number of keypoints, got " +
                      std::to_string(policy.keypoints()) + " in the policy and " +
                      std::to_string(expected) + " in the detector; set " + policy.name() +
                      ".keypoints=" + std::to_string(expected));
  }
}

}  // namespace

std::filesystem::path clone_policy(const CloneConfig& config, const OnProgress& on_progress) {
  DataConfig data = config.data;
  data.tasks = {config.task};
  auto loaded = read_detector(config.detector, config.detect_gamma);
  const auto policy = agents::make_policy(config.policy, envs::derive_seed(config.seed, "policy"));
  require_same_keypoints(*policy, loaded);
  const auto episodes = select_episodes(data);
  const std::string config_text = dump_config(AgentConfig{config, loaded.kind, loaded.config});
  const auto run = RunDirectory::create(config.output, config_text, environment_text());

  const auto dataset =
      detect_dataset(episodes.train, loaded, config, policy->history(), on_progress);
  KeypointDataset held_out;
  if (!episodes.held_out.empty()) {
    held_out = detect_dataset(episodes.held_out, loaded, config, policy->history(),
                              [](const JobProgress&) {});
  }
  const auto save = [&](int64_t step) {
    save_run_checkpoint(run.path(),
                        {{"policy", policy.get()}, {"detector", &loaded.detector->module()}},
                        config_text, {step, "", {}, {}}, /*keep=*/2);
  };

  std::string note;
  PolicyTrainingCallbacks callbacks;
  callbacks.on_log = [&](int64_t step, const MeanValues& means) {
    NamedValues values(means.begin(), means.end());
    if (!episodes.held_out.empty() && step % kAccuracyEvery == 0) {
      values.emplace_back("held_out_accuracy", action_accuracy(*policy, held_out));
    }
    run.log_metrics(step, values);
    char text[48];
    std::snprintf(text, sizeof text, "loss %.3f", means.at("total"));
    note = text;
  };
  callbacks.on_step = [&](int64_t step) {
    on_progress({"clone", "steps", step, config.steps, note});
    return !is_interrupted();
  };
  const int64_t steps = train_policy(*policy, dataset, config, callbacks);
  save(steps);
  if (steps < config.steps) throw Interrupted();
  return run.path();
}

}  // namespace mint::training
