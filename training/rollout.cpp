#include "training/rollout.h"

#include <optional>

#include <torch/torch.h>

#include "envs/env.h"
#include "envs/vector_env.h"
#include "perception/video.h"
#include "training/image_tensor.h"
#include "training/keypoint_view.h"

namespace mint::training {

namespace {

// Drops the oldest frame of [N, T, ...] and appends the newest [N, ...]; fills an undefined window.
void append(torch::Tensor& window, const torch::Tensor& newest, int64_t history) {
  const auto frame = newest.unsqueeze(1);
  if (window.defined()) {
    window = torch::cat({window.slice(1, 1), frame}, 1);
    return;
  }
  std::vector<int64_t> repeats(static_cast<size_t>(frame.dim()), 1);
  repeats[1] = history;
  window = frame.repeat(repeats);
}

// The newest frames [N, 3, 96, 96] of stacks [N, 96, 96, 12].
torch::Tensor newest_frames(const torch::Tensor& stacks) {
  return stacks.narrow(3, 9, 3).permute({0, 3, 1, 2}).contiguous();
}

}  // namespace

ObservationWindow::ObservationWindow(int64_t history, torch::Tensor plan) : history_(history) {
  observation_.plan = std::move(plan);
}

void ObservationWindow::push(const perception::Keypoints& keypoints) {
  append(observation_.xy, keypoints.xy, history_);
  append(observation_.active, keypoints.active, history_);
}

void ObservationWindow::push(const torch::Tensor& frames) {
  append(observation_.frames, frames, history_);
}

Pilot::Pilot(const Agent& agent, torch::Tensor plan)
    : agent_(agent),
      window_(agent.policy->history(), std::move(plan)),
      ensemble_(agent.policy->ensemble_decay()) {}

torch::Tensor Pilot::act(const torch::Tensor& frames) {
  look(frames);
  return decide();
}

const agents::Observation& Pilot::look(const torch::Tensor& frames) {
  const torch::NoGradGuard no_grad;
  if (agent_.policy->keypoints() > 0) {
    window_.push(agent_.detector->detect(frames));
  } else {
    window_.push(frames);
  }
  return window_.observation();
}

torch::Tensor Pilot::decide() {
  const torch::NoGradGuard no_grad;
  return ensemble_.push(agent_.policy->logits(window_.observation()));
}

std::vector<RolloutEpisode> roll_out(const Agent& agent, const RolloutConfig& config,
                                     const std::function<void()>& on_step,
                                     const Overrule& overrule) {
  agent.policy->eval();
  const auto count = static_cast<int64_t>(config.seeds.size());
  const std::string name = envs::to_string({config.task, config.variant, "LoRes4A"});
  envs::VectorEnv envs(std::vector<std::string>(config.seeds.size(), name), config.threads,
                       envs::AutoReset::kOff);
  auto stacks = torch::empty(
      {count, envs::kObservationSize_px, envs::kObservationSize_px, 3 * envs::kStackedFrames},
      torch::kUInt8);
  std::vector<double> scores(config.seeds.size());
  envs::EnvBatch batch;
  batch.images = stacks.data_ptr<uint8_t>();
  batch.scores = scores.data();
  envs.reset(config.seeds, batch);

  std::vector<RolloutEpisode> episodes;
  for (const uint64_t seed : config.seeds) episodes.push_back({seed, 0, {}});
  Pilot pilot(agent, config.plans.empty() ? torch::Tensor() : torch::tensor(config.plans));
  const int length = envs::find_task(config.task).episode_length;
  for (int step = 0; step < length; ++step) {
    const auto frames = newest_frames(stacks);
    const auto& observation = pilot.look(frames);
    const auto chosen = pilot.decide();
    const auto* choices = chosen.data_ptr<int64_t>();
    std::vector<int> actions(choices, choices + count);
    if (overrule) actions = overrule({step, envs, frames, observation, std::move(actions)});
    for (int64_t i = 0; i < count; ++i) episodes[i].actions.push_back(actions[i]);
    envs.step(actions, batch);
    if (on_step) on_step();
  }
  if (overrule) {
    const auto frames = newest_frames(stacks);
    overrule({length, envs, frames, pilot.look(frames), {}});
  }
  for (int64_t i = 0; i < count; ++i) episodes[i].score = scores[i];
  return episodes;
}

std::string film(const RolloutEpisode& episode, const std::string& task, const std::string& variant,
                 const std::shared_ptr<perception::Detector>& detector, const std::string& stem) {
  envs::Env env(task, variant);
  env.reset(episode.seed);
  std::optional<KeypointView> view;
  if (detector) view.emplace(detector);
  const double frames_per_s = 1 / envs::kControlStep_s;
  perception::VideoWriter video(stem, envs::kFullSize_px, envs::kFullSize_px, frames_per_s);
  const auto take_frame = [&] {
    envs::Image picture = env.full_frame();
    if (view) {
      view->look(env.frame(), envs::kObservationSize_px);
      picture = view->over(picture);
    }
    video.write(to_tensor(picture.rgb, picture.height, picture.width));
  };
  take_frame();
  for (const int action : episode.actions) {
    env.step(action);
    take_frame();
  }
  video.close();
  return video.file();
}

}  // namespace mint::training
