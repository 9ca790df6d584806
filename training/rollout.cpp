#include "training/rollout.h"

#include <algorithm>

#include <torch/torch.h>

#include "envs/env.h"
#include "perception/overlay.h"
#include "perception/video.h"

namespace mint::training {
namespace {

// [height, width, 3] pixels as an image tensor [3, height, width].
torch::Tensor to_tensor(const std::vector<uint8_t>& rgb, int64_t height, int64_t width) {
  // from_blob wants a mutable pointer; contiguous() copies.
  return torch::from_blob(const_cast<uint8_t*>(rgb.data()), {height, width, 3}, torch::kUInt8)
      .permute({2, 0, 1})
      .contiguous();
}

}  // namespace

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
                 perception::Detector& detector, const std::string& stem) {
  torch::NoGradGuard no_grad;
  envs::Env env(task, variant);
  env.reset(episode.seed);
  perception::OverlayStyle style;
  style.scale = 1;
  style.radius_px = 5;
  const double frames_per_s = 1 / envs::kControlStep_s;
  perception::VideoWriter video(stem, envs::kFullSize_px, envs::kFullSize_px, frames_per_s);
  std::vector<torch::Tensor> frames;  // the last few, for the trails
  std::vector<torch::Tensor> xy;
  std::vector<torch::Tensor> active;
  const auto take_frame = [&] {
    const auto seen = to_tensor(env.frame(), envs::kObservationSize_px, envs::kObservationSize_px);
    const auto keypoints = detector.detect(seen.unsqueeze(0));
    frames.push_back(to_tensor(env.full_frame().rgb, envs::kFullSize_px, envs::kFullSize_px));
    xy.push_back(keypoints.xy);
    active.push_back(keypoints.active);
    if (static_cast<int64_t>(frames.size()) > style.trail + 1) {
      for (auto* list : {&frames, &xy, &active}) list->erase(list->begin());
    }
    video.write(perception::draw_keypoints(torch::stack(frames),
                                           {torch::cat(xy), torch::cat(active)},
                                           static_cast<int64_t>(frames.size()) - 1, style));
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
