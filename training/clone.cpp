#include "training/clone.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "agents/registry.h"
#include "envs/random.h"
#include "envs/task.h"
#include "training/agent.h"
#include "training/dagger.h"
#include "training/environment_report.h"
#include "training/interrupt.h"
#include "training/plan_choice.h"
#include "training/policy_dataset_builder.h"
#include "training/policy_training.h"
#include "training/rollout.h"
#include "training/rollout_file.h"
#include "training/stopwatch.h"
#include "training/training_run.h"

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

// Of all demonstrations, as their files say; each is checked when it is read.
torch::Tensor checksums_of(const EpisodeChoice& episodes) {
  std::vector<int64_t> checksums;
  for (const auto* chosen : {&episodes.train, &episodes.held_out}) {
    for (const ChosenEpisode& episode : *chosen) checksums.push_back(episode.info.checksum);
  }
  return torch::tensor(checksums);
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

// What the policy reads, checked against its detector.
LoadedDetector detector_for(const CloneConfig& config, Agent& agent) {
  LoadedDetector loaded;
  if (agent.policy->keypoints() == 0) return loaded;
  if (config.detector.empty()) {
    throw ConfigError("clone: detector: expected a run of mint pretrain for a policy on " +
                      std::string("keypoints, got none"));
  }
  loaded = read_detector(config.detector, config.detect_gamma);
  require_same_keypoints(*agent.policy, loaded);
  agent.detector = loaded.detector;
  return loaded;
}

// Of the demonstrations that are held out; the policy knows no plan of theirs.
PolicyDataset read_held_out(const std::vector<ChosenEpisode>& episodes, const CloneConfig& config,
                            const Agent& agent, const LoadedDetector& loaded) {
  if (episodes.empty()) return {};
  PolicyDatasetBuilder builder(config, *agent.policy, loaded, {FrameMotion()});
  add_demonstrations(episodes, 1, builder, [](const JobProgress&) {});
  auto dataset = builder.build();
  dataset.plan.fill_(-1);
  return dataset;
}

// The rollouts of a round of DAgger: those that the run has kept, else new ones, which are kept. A
// training that is beyond the round's beginning (`is_past`) has no policy to make them again.
std::vector<LabelledRollout> rollouts_of(const Agent& agent, const CloneConfig& config,
                                         int64_t round, bool is_past,
                                         const PolicyDatasetBuilder& builder,
                                         const RunDirectory& run, const OnProgress& on_progress) {
  const auto file = run.rounds() / ("round_" + std::to_string(round) + ".safetensors");
  if (is_past || std::filesystem::exists(file)) return read_rollouts(file);
  const int64_t length = envs::find_task(config.task).episode_length;
  int64_t done = 0;
  auto rollouts = labelled_rollouts(agent, config.task, config.dagger, round, config.seed, [&] {
    if (is_interrupted()) throw Interrupted();
    on_progress({"round " + std::to_string(round), "steps", ++done, length, ""});
  });
  if (!builder.needs_frames()) {
    for (LabelledRollout& rollout : rollouts) rollout.frames = torch::Tensor();
  }
  write_rollouts(file, rollouts);
  return rollouts;
}

// One round of DAgger; it is logged unless a resumed training is beyond its beginning (`is_past`).
// False when a signal asks to stop: the round may be added in part then.
bool add_round(const Agent& agent, const CloneConfig& config, int64_t round, bool is_past,
               PolicyDatasetBuilder& builder, const RunDirectory& run,
               const OnProgress& on_progress) {
  std::vector<LabelledRollout> rollouts;
  try {
    rollouts = rollouts_of(agent, config, round, is_past, builder, run, on_progress);
  } catch (const Interrupted&) {
    return false;
  }
  int64_t agreed = 0;
  for (LabelledRollout& rollout : rollouts) {
    if (is_interrupted()) return false;
    agreed += rollout.agreed;
    builder.add_rollout(std::move(rollout.episode), rollout.frames, rollout.keypoints);
  }
  if (is_past) return true;
  const auto decisions =
      static_cast<double>(envs::find_task(config.task).episode_length * config.dagger.episodes);
  run.log_metrics(begin_of_round(config, round),
                  {{"dagger_round", static_cast<double>(round)},
                   {"dagger_decisions", decisions},
                   {"dagger_agreement", static_cast<double>(agreed) / decisions}});
  return true;
}

// What a training shows and saves on its way. All arguments outlive it; `held_out` is looked at
// when the training logs, and may be read until then.
PolicyTrainingCallbacks callbacks_of(const Agent& agent, const CloneConfig& config,
                                     const TrainingRun& run, const PolicyDataset& held_out,
                                     const OnProgress& on_progress) {
  PolicyTrainingCallbacks callbacks;
  const auto note = std::make_shared<std::string>();  // the last loss
  callbacks.on_log = [&, note](int64_t step, const MeanValues& means) {
    NamedValues values(means.begin(), means.end());
    if (held_out.plan.defined() && step % kAccuracyEvery == 0) {
      values.emplace_back("held_out_accuracy", action_accuracy(*agent.policy, held_out));
    }
    run.directory().log_metrics(step, values);
    char text[48];
    std::snprintf(text, sizeof text, "loss %.3f", means.at("total"));
    *note = text;
  };
  callbacks.on_step = [&, note](int64_t step) {
    on_progress({"clone", "steps", step, config.steps, *note});
    return !is_interrupted();
  };
  callbacks.look_every = config.rollout_every;
  callbacks.on_look = [&](int64_t step) {
    film_episode(agent, config, run.directory().video("step_" + std::to_string(step)).string());
  };
  callbacks.checkpoint_every = config.checkpoint_every;
  callbacks.on_checkpoint = [&](int64_t step, const NamedTensors& state) {
    run.save(agent_parts(agent), step, state);
  };
  return callbacks;
}

// Trains to the end, or until a signal asks to stop. Returns the last data set.
PolicyDataset train_policy(PolicyTrainer& trainer, PolicyDatasetBuilder& builder,
                           const Agent& agent, const CloneConfig& config, const RunDirectory& run,
                           const OnProgress& on_progress) {
  auto dataset = builder.build();
  if (config.algorithm != "dagger") {
    trainer.train(dataset, config.steps);
    return dataset;
  }
  bool goes_on = trainer.train(dataset, begin_of_round(config, 1));
  for (int64_t round = 1; goes_on && round <= config.dagger.rounds; ++round) {
    const bool is_past = trainer.steps() > begin_of_round(config, round);
    if (!add_round(agent, config, round, is_past, builder, run, on_progress)) break;
    dataset = {};  // or two would be in memory
    dataset = builder.build();
    goes_on = trainer.train(dataset, begin_of_round(config, round + 1));
  }
  return dataset;
}

}  // namespace

std::filesystem::path clone_policy(const CloneConfig& given, const OnProgress& on_progress,
                                   Start start) {
  CloneConfig config = given;
  config.data.tasks = {config.task};
  const auto episodes = choose_episodes(config.data);
  agents::set_plans(config.policy, count_plans(episodes.train));
  Agent agent;
  agent.policy = agents::make_policy(config.policy, envs::derive_seed(config.seed, "policy"));
  if (config.algorithm == "dagger") require_dagger(config, *agent.policy);
  require_plan_choice(config, *agent.policy);
  const auto loaded = detector_for(config, agent);
  TrainingRun run(config.output, dump_config(AgentConfig{config, loaded.kind, loaded.config}),
                  environment_text(), start);

  PolicyDataset held_out;
  PolicyTrainer trainer(*agent.policy, config,
                        callbacks_of(agent, config, run, held_out, on_progress));
  run.restore(agent_parts(agent), [&](const TrainingState& state) { trainer.load(state); });
  run.learn_from({checksums_of(episodes)});
  if (trainer.steps() == config.steps) return run.path();
  agent.policy->choose_plan(-1);  // a training that a signal ended has chosen one

  const auto motions = motions_of(config, *agent.policy);
  PolicyDatasetBuilder builder(config, *agent.policy, loaded, motions);
  add_demonstrations(episodes.train, static_cast<int64_t>(motions.size()), builder, on_progress);
  held_out = read_held_out(episodes.held_out, config, agent, loaded);

  run.train([&] {
    const Stopwatch time;
    const int64_t begin = trainer.steps();
    const auto dataset =
        train_policy(trainer, builder, agent, config, run.directory(), on_progress);
    const int64_t steps = trainer.steps();
    run.directory().log_timings(
        steps, {{"training_s", time.seconds()},
                {"samples_per_s", static_cast<double>((steps - begin) * config.batch) /
                                      std::max(time.seconds(), 1e-9)}});
    const bool is_done = steps == config.steps;  // else a signal waits, and rollouts take long
    if (config.plan_choice == "retraced" && is_done) {
      retrace_plans(agent, config, dataset, run.directory(), on_progress);
    } else {
      choose_plan(*agent.policy, dataset, config.plan_choice);
    }
    run.save(agent_parts(agent), steps, trainer.state());
    if (!is_done) throw Interrupted();
  });
  return run.path();
}

}  // namespace mint::training
