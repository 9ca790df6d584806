#include "training/dagger.h"

#include <cmath>
#include <string>
#include <utility>

#include <torch/torch.h>

#include "agents/experts/oracle.h"
#include "agents/experts/recording.h"
#include "envs/env.h"
#include "envs/random.h"
#include "training/config_error.h"

namespace mint::training {
namespace {

// One episode while it is rolled out.
struct Running {
  experts::Oracle oracle;
  envs::Random random;
  LabelledRollout result;
};

// Of all running episodes, at every moment: the frames [N, 3, H, W], keypoints [N, K, ..].
struct Seen {
  std::vector<torch::Tensor> frames, xy, active;
};

void look(const RolloutMoment& moment, Seen& seen) {
  seen.frames.push_back(moment.frames);
  if (!moment.observation.xy.defined()) return;
  seen.xy.push_back(moment.observation.xy.select(1, -1));
  seen.active.push_back(moment.observation.active.select(1, -1));
}

// T + 1 tensors [N, ...] -> [N, T + 1, ...]; undefined for none.
torch::Tensor stacked(const std::vector<torch::Tensor>& moments) {
  return moments.empty() ? torch::Tensor() : torch::stack(moments, 1);
}

// What an episode executes in `state` in place of `chosen`.
int decide(Running& running, const envs::State& state, int chosen, double mixing, double noise) {
  Episode& episode = running.result.episode;
  const int label = running.oracle.label(state);
  const int decided = running.random.uniform(0, 1) < mixing ? label : chosen;
  const int before = episode.executed_actions.empty() ? -1 : episode.executed_actions.back();
  const int action = experts::disturbed_action(decided, before, noise, running.random);
  running.oracle.executed(action);
  running.result.agreed += chosen == label ? 1 : 0;
  episode.actions.push_back(label);
  episode.executed_actions.push_back(action);
  return action;
}

}  // namespace

std::vector<LabelledRollout> labelled_rollouts(const Agent& agent, const std::string& task,
                                               const DaggerConfig& config, int64_t round,
                                               uint64_t seed,
                                               const std::function<void()>& on_step) {
  const uint64_t root = envs::derive_seed(seed, "dagger", static_cast<uint64_t>(round));
  const double mixing = std::pow(config.mixing, static_cast<double>(round));
  RolloutConfig rollout{task, "Demo", {}, {}, /*threads=*/1};
  if (agent.policy->plans() > 0) rollout.plans.assign(static_cast<size_t>(config.episodes), -1);
  std::vector<Running> running;
  for (int64_t i = 0; i < config.episodes; ++i) {
    rollout.seeds.push_back(envs::derive_seed(root, "scene", static_cast<uint64_t>(i)));
    const auto scene = envs::sample_scene(task, rollout.variant, rollout.seeds.back());
    running.push_back({experts::Oracle(scene),
                       envs::Random(envs::derive_seed(root, "episode", static_cast<uint64_t>(i))),
                       {}});
  }

  Seen seen;
  const auto episodes = roll_out(agent, rollout, on_step, [&](const RolloutMoment& moment) {
    look(moment, seen);
    std::vector<int> actions;
    for (size_t i = 0; i < moment.actions.size(); ++i) {
      const envs::State& state = moment.envs.env(static_cast<int>(i)).state();
      actions.push_back(decide(running[i], state, moment.actions[i], mixing, config.noise));
    }
    return actions;
  });

  const auto frames = stacked(seen.frames), xy = stacked(seen.xy), active = stacked(seen.active);
  std::vector<LabelledRollout> results;
  for (size_t i = 0; i < running.size(); ++i) {
    LabelledRollout& result = running[i].result;
    result.episode.env_name = envs::to_string({task, rollout.variant, ""});
    result.episode.source = "dagger:round " + std::to_string(round);
    result.episode.seed = episodes[i].seed;
    result.episode.score = episodes[i].score;
    result.episode.height = result.episode.width = envs::kObservationSize_px;
    result.frames = frames[static_cast<int64_t>(i)];
    if (xy.defined()) {
      result.keypoints = {xy[static_cast<int64_t>(i)], active[static_cast<int64_t>(i)]};
    }
    results.push_back(std::move(result));
  }
  return results;
}

int64_t begin_of_round(const CloneConfig& config, int64_t round) {
  return config.steps * round / (config.dagger.rounds + 1);
}

void require_dagger(const CloneConfig& config, const agents::Policy& policy,
                    const DaggerKeys& keys) {
  const std::string where = keys.command + ": " + keys.prefix;
  if (config.steps <= config.dagger.rounds) {
    throw ConfigError(where + keys.steps + ": expected more than dagger.rounds (" +
                      std::to_string(config.dagger.rounds) + "), got " +
                      std::to_string(config.steps));
  }
  if (policy.plans() > 0 && config.plan_choice != "none") {
    throw ConfigError(where + "plan_choice: expected none, because the labels of DAgger belong " +
                      "to no plan, got \"" + config.plan_choice + "\"; or set " + keys.prefix +
                      policy.name() + ".plan.plans=0");
  }
}

}  // namespace mint::training
