#include "training/rollout.h"

#include <algorithm>

#include <torch/torch.h>

#include "envs/env.h"
#include "perception/video.h"
#include "training/image_tensor.h"
#include "training/keypoint_view.h"

namespace mint::training {

void KeypointWindow::push(const perception::Keypoints& keypoints) {
  const auto xy = keypoints.xy.unsqueeze(1);
  const auto active = keypoints.active.unsqueeze(1);
  if (!observation_.xy.defined()) {
    observation_.xy = xy.repeat({1, history_, 1, 1});
    observation_.active = active.repeat({1, history_, 1});
    return;
  }
  observation_.xy = torch::cat({observation_.xy.slice(1, 1), xy}, 1);
  observation_.active = torch::cat({observation_.active.slice(1, 1), active}, 1);
}

std::vector<RolloutEpisode> roll_out(const Agent& agent, const std::string& task,
                                     const std::string& variant, const std::vector<uint64_t>& seeds,
                                     const std::function<void()>& on_step) {
  torch::NoGradGuard no_grad;
  agent.policy->eval();
  std::vector<envs::Env> envs;
  std::vector<RolloutEpisode> episodes;
  for (const uint64_t seed : seeds) {
    envs.emplace_back(task, variant);
    envs.back().reset(seed);
    episodes.push_back({seed, 0, {}});
  }
  const auto count = static_cast<int64_t>(envs.size());
  auto pixels =
      torch::empty({count, envs::kObservationSize_px, envs::kObservationSize_px, 3}, torch::kUInt8);
  KeypointWindow window(agent.policy->history());
  for (int step = 0; step < envs::find_task(task).episode_length; ++step) {
    for (int64_t i = 0; i < count; ++i) {
      const auto& frame = envs[i].frame();
      std::copy(frame.begin(), frame.end(), pixels.data_ptr<uint8_t>() + i * frame.size());
    }
    window.push(agent.detector->detect(pixels.permute({0, 3, 1, 2}).contiguous()));
    const auto actions = agent.policy->logits(window.observation()).argmax(1).to(torch::kInt64);
    for (int64_t i = 0; i < count; ++i) {
      const int action = static_cast<int>(actions.data_ptr<int64_t>()[i]);
      episodes[i].actions.push_back(action);
      episodes[i].score = envs[i].step(action).score;
    }
    if (on_step) on_step();
  }
  return episodes;
}

std::string film(const RolloutEpisode& episode, const std::string& task, const std::string& variant,
                 const std::shared_ptr<perception::Detector>& detector, const std::string& stem) {
  envs::Env env(task, variant);
  env.reset(episode.seed);
  KeypointView view(detector);
  const double frames_per_s = 1 / envs::kControlStep_s;
  perception::VideoWriter video(stem, envs::kFullSize_px, envs::kFullSize_px, frames_per_s);
  const auto take_frame = [&] {
    view.look(env.frame(), envs::kObservationSize_px);
    const auto picture = view.over(env.full_frame());
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
