#include "training/clone.h"

#include <algorithm>
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
#include "training/plan_choice.h"
#include "training/policy_training.h"
#include "training/rollout.h"
#include "training/run_directory.h"
#include "training/stopwatch.h"

namespace mint::training {
namespace {

constexpr int64_t kAccuracyEvery = 500;  // steps between two looks at the held-out demonstrations

PolicyDataset make_dataset(const std::vector<Episode>& episodes, const LoadedDetector& loaded,
                           const CloneConfig& config, const agents::Policy& policy,
                           const std::vector<FrameMotion>& motions, const OnProgress& on_progress) {
  auto dataset = make_policy_dataset(
      episodes, {policy.history(), policy.chunk(), config.idle_tail, config.idle_weight});
  const auto frames = make_frame_dataset(episodes).frames;
  dataset.mirrored.clear();
  if (policy.keypoints() == 0) {
    dataset.images = frames;
    for (const FrameMotion& motion : motions) dataset.mirrored.push_back(motion.is_mirrored);
    return dataset;
  }
  std::vector<torch::Tensor> xy, active;
  const auto total = static_cast<int64_t>(motions.size()) * frames.size(0);
  for (size_t i = 0; i < motions.size(); ++i) {
    const auto keypoints = cached_keypoints(
        *loaded.detector, loaded.config.mint.detect_gamma, move_frames(frames, motions[i]),
        std::filesystem::path(config.detector) / "keypoints", [&](int64_t done) {
          const auto before = static_cast<int64_t>(i) * frames.size(0);
          on_progress({"keypoints", "frames", before + done, total, ""});
        });
    const auto back = unmove(keypoints, motions[i], frames.size(2), frames.size(3));
    xy.push_back(back.xy);
    active.push_back(back.active);
    dataset.mirrored.push_back(motions[i].is_mirrored);
  }
  dataset.keypoints = {torch::cat(xy), torch::cat(active)};
  return dataset;
}

// Policies on pixels see the frames themselves, moved by their own augmentation.
std::vector<FrameMotion> motions_of(const CloneConfig& config, const agents::Policy& policy) {
  CopiesConfig copies = config.copies;
  if (policy.keypoints() == 0) copies.copies = 0;
  return draw_motions(copies, config.seed);
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

// A film of one episode in Demo, as the policy acts now.
void film_episode(const Agent& agent, const CloneConfig& config, const std::string& stem) {
  const auto seed = envs::derive_seed(config.seed, "early film");
  const auto episode = roll_out(agent, {config.task, "Demo", {seed}, {}, 1}, {}).front();
  film(episode, config.task, "Demo", agent.detector, stem);
}

}  // namespace

std::filesystem::path clone_policy(const CloneConfig& given, const OnProgress& on_progress) {
  CloneConfig config = given;
  config.data.tasks = {config.task};
  const auto episodes = select_episodes(config.data);
  agents::set_plans(config.policy, static_cast<int64_t>(episodes.train.size()));
  Agent agent;
  agent.policy = agents::make_policy(config.policy, envs::derive_seed(config.seed, "policy"));
  LoadedDetector loaded;
  if (agent.policy->keypoints() > 0) {
    if (config.detector.empty()) {
      throw ConfigError("clone: detector: expected a run of mint pretrain for a policy on " +
                        std::string("keypoints, got none"));
    }
    loaded = read_detector(config.detector, config.detect_gamma);
    require_same_keypoints(*agent.policy, loaded);
    agent.detector = loaded.detector;
  }
  const std::string config_text = dump_config(AgentConfig{config, loaded.kind, loaded.config});
  const auto run = RunDirectory::create(config.output, config_text, environment_text());

  const auto motions = motions_of(config, *agent.policy);
  const auto dataset =
      make_dataset(episodes.train, loaded, config, *agent.policy, motions, on_progress);
  PolicyDataset held_out;
  if (!episodes.held_out.empty()) {
    held_out = make_dataset(episodes.held_out, loaded, config, *agent.policy, {FrameMotion()},
                            [](const JobProgress&) {});
  }
  const auto save = [&](int64_t step) {
    save_run_checkpoint(run.path(), agent_parts(agent), config_text, {step, "", {}, {}},
                        /*keep=*/2);
  };

  std::string note;
  PolicyTrainingCallbacks callbacks;
  callbacks.on_log = [&](int64_t step, const MeanValues& means) {
    NamedValues values(means.begin(), means.end());
    if (!episodes.held_out.empty() && step % kAccuracyEvery == 0) {
      values.emplace_back("held_out_accuracy", action_accuracy(*agent.policy, held_out));
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
  callbacks.look_every = config.rollout_every;
  callbacks.on_look = [&](int64_t step) {
    film_episode(agent, config, run.video("step_" + std::to_string(step)).string());
  };
  const Stopwatch time;
  const int64_t steps = train_policy(*agent.policy, dataset, config, callbacks);
  run.log_timings(steps, {{"training_s", time.seconds()},
                          {"samples_per_s", static_cast<double>(steps * config.batch) /
                                                std::max(time.seconds(), 1e-9)}});
  choose_plan(*agent.policy, dataset, config.plan_choice);
  save(steps);
  if (steps < config.steps) throw Interrupted();
  return run.path();
}

}  // namespace mint::training
