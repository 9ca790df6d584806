#include "training/clone.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "agents/registry.h"
#include "envs/random.h"
#include "envs/task.h"
#include "training/agent.h"
#include "training/checkpoint.h"
#include "training/dagger.h"
#include "training/environment_report.h"
#include "training/interrupt.h"
#include "training/plan_choice.h"
#include "training/policy_dataset_builder.h"
#include "training/policy_training.h"
#include "training/rollout.h"
#include "training/run_directory.h"
#include "training/stopwatch.h"

namespace mint::training {
namespace {

constexpr int64_t kAccuracyEvery = 500;  // steps between two looks at the held-out demonstrations

// Reads one episode after the other: of keypoint policies the frames of no two are in memory.
void add_demonstrations(const std::vector<ChosenEpisode>& episodes, int64_t motions,
                        PolicyDatasetBuilder& builder, const OnProgress& on_progress) {
  int64_t total = 0, done = 0;
  for (const ChosenEpisode& episode : episodes) {
    total += motions * (static_cast<int64_t>(episode.info.actions.size()) + 1);
  }
  for (const ChosenEpisode& episode : episodes) {
    if (is_interrupted()) throw Interrupted();
    builder.add_demonstration(read_episode(episode), [&](int64_t frames) {
      done += frames;
      on_progress({"keypoints", "frames", done, total, ""});
    });
  }
}

int64_t count_plans(const std::vector<ChosenEpisode>& episodes) {
  std::vector<std::string> sources;
  for (const ChosenEpisode& episode : episodes) sources.push_back(episode.info.source);
  const auto plans = plan_of_each(sources);
  return 1 + *std::max_element(plans.begin(), plans.end());
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

void require_plan_choice(const CloneConfig& config, const agents::Policy& policy) {
  if (config.plan_choice != "retraced" || policy.keypoints() > 0) return;
  throw ConfigError("clone: plan_choice: expected another than retraced for a policy on pixels, " +
                    std::string("because it compares keypoints"));
}

void retrace_plans(const Agent& agent, const CloneConfig& config, const PolicyDataset& dataset,
                   const RunDirectory& run, const OnProgress& on_progress) {
  const int64_t length = envs::find_task(config.task).episode_length;
  int64_t done = 0;
  const RetracedPlan choice = choose_retraced_plan(agent, config.task, dataset, config.seed, [&] {
    on_progress({"plans", "steps", ++done, length, ""});
  });
  NamedValues values = {{"plan", static_cast<double>(choice.plan)}};
  for (size_t plan = 0; plan < choice.misses.size(); ++plan) {
    values.emplace_back("miss_of_plan_" + std::to_string(plan), choice.misses[plan]);
  }
  run.log_metrics(config.steps, values);
}

// A film of one episode in Demo, as the policy acts now.
void film_episode(const Agent& agent, const CloneConfig& config, const std::string& stem) {
  const auto seed = envs::derive_seed(config.seed, "early film");
  const auto episode = roll_out(agent, {config.task, "Demo", {seed}, {}, 1}, {}).front();
  film(episode, config.task, "Demo", agent.detector, stem);
}

// One round of DAgger. False when a signal asks to stop: the round may be added in part then.
bool add_round(const Agent& agent, const CloneConfig& config, int64_t round,
               PolicyDatasetBuilder& builder, const RunDirectory& run,
               const OnProgress& on_progress) {
  const int64_t length = envs::find_task(config.task).episode_length;
  int64_t done = 0, agreed = 0;
  std::vector<LabelledRollout> rollouts;
  try {
    rollouts = labelled_rollouts(agent, config.task, config.dagger, round, config.seed, [&] {
      if (is_interrupted()) throw Interrupted();
      on_progress({"round " + std::to_string(round), "steps", ++done, length, ""});
    });
  } catch (const Interrupted&) {
    return false;
  }
  for (LabelledRollout& rollout : rollouts) {
    if (is_interrupted()) return false;
    agreed += rollout.agreed;
    builder.add_rollout(std::move(rollout.episode), rollout.frames, rollout.keypoints);
  }
  const auto decisions = static_cast<double>(length * config.dagger.episodes);
  run.log_metrics(begin_of_round(config, round),
                  {{"dagger_round", static_cast<double>(round)},
                   {"dagger_decisions", decisions},
                   {"dagger_agreement", static_cast<double>(agreed) / decisions}});
  return true;
}

}  // namespace

std::filesystem::path clone_policy(const CloneConfig& given, const OnProgress& on_progress) {
  CloneConfig config = given;
  config.data.tasks = {config.task};
  const auto episodes = choose_episodes(config.data);
  agents::set_plans(config.policy, count_plans(episodes.train));
  Agent agent;
  agent.policy = agents::make_policy(config.policy, envs::derive_seed(config.seed, "policy"));
  if (config.algorithm == "dagger") require_dagger(config, *agent.policy);
  require_plan_choice(config, *agent.policy);
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
  const auto has_held_out = !episodes.held_out.empty();
  PolicyDatasetBuilder builder(config, *agent.policy, loaded, motions);
  add_demonstrations(episodes.train, static_cast<int64_t>(motions.size()), builder, on_progress);
  PolicyDataset held_out;
  if (has_held_out) {
    PolicyDatasetBuilder others(config, *agent.policy, loaded, {FrameMotion()});
    add_demonstrations(episodes.held_out, 1, others, [](const JobProgress&) {});
    held_out = others.build();
    held_out.plan.fill_(-1);  // the policy knows no plan of theirs
  }
  const auto save = [&](int64_t step) {
    save_run_checkpoint(run.path(), agent_parts(agent), config_text, {step, "", {}, {}},
                        /*keep=*/2);
  };

  std::string note;
  PolicyTrainingCallbacks callbacks;
  callbacks.on_log = [&](int64_t step, const MeanValues& means) {
    NamedValues values(means.begin(), means.end());
    if (has_held_out && step % kAccuracyEvery == 0) {
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
  PolicyTrainer trainer(*agent.policy, config, callbacks);
  auto dataset = builder.build();
  if (config.algorithm == "dagger") {
    bool goes_on = trainer.train(dataset, begin_of_round(config, 1));
    for (int64_t round = 1; goes_on && round <= config.dagger.rounds; ++round) {
      if (!add_round(agent, config, round, builder, run, on_progress)) break;
      dataset = {};  // or two would be in memory
      dataset = builder.build();
      goes_on = trainer.train(dataset, begin_of_round(config, round + 1));
    }
  } else {
    trainer.train(dataset, config.steps);
  }
  const int64_t steps = trainer.steps();
  run.log_timings(steps, {{"training_s", time.seconds()},
                          {"samples_per_s", static_cast<double>(steps * config.batch) /
                                                std::max(time.seconds(), 1e-9)}});
  const bool is_done = steps == config.steps;  // else a signal waits, and rollouts take long
  if (config.plan_choice == "retraced" && is_done) {
    retrace_plans(agent, config, dataset, run, on_progress);
  } else {
    choose_plan(*agent.policy, dataset, config.plan_choice);
  }
  save(steps);
  if (!is_done) throw Interrupted();
  return run.path();
}

}  // namespace mint::training
