#include "envs/env.h"

#include <algorithm>
#include <stdexcept>

namespace mint::envs {

Env::Env(const std::string& task, const std::string& variant)
    : task_(&find_task(task)), variant_(variant) {
  sample_scene(task, variant, 0);  // throws for an unknown variant
}

void Env::reset(uint64_t seed) {
  scene_ = sample_scene(task_->name, variant_, seed);
  world_.emplace(scene_);
  history_.clear();
  history_.push_back({world_->state(), {}});
  steps_ = 0;
}

StepResult Env::step(int action) {
  require_episode("step");
  if (steps_ == task_->episode_length) {
    throw std::logic_error("Env::step: expected reset() after the last step, got another step");
  }
  world_->step(action);
  ++steps_;
  if (history_.size() == kHistory) {
    std::rotate(history_.begin(), history_.begin() + 1, history_.end());
    history_.pop_back();
  }
  history_.push_back({world_->state(), {}});
  const bool is_last = steps_ == task_->episode_length;
  return {is_last ? task_->score(scene_, world_->state()) : 0, is_last};
}

const std::vector<uint8_t>& Env::frame() {
  require_episode("frame");
  return drawn(history_.back());
}

std::vector<uint8_t> Env::stack() {
  require_episode("stack");
  std::vector<uint8_t> frames;
  frames.reserve(kHistory * kFrameBytes);
  for (int i = 0; i < kHistory; ++i) {
    const int missing = kHistory - static_cast<int>(history_.size());  // before the reset
    const std::vector<uint8_t>& frame = drawn(history_[std::max(i - missing, 0)]);
    frames.insert(frames.end(), frame.begin(), frame.end());
  }
  return frames;
}

Image Env::full_frame() const {
  require_episode("full_frame");
  Image image;
  draw(scene_, world_->state(), Camera::kAllocentric, image);
  return image;
}

InstanceImage Env::instances() const {
  require_episode("instances");
  Image image;
  InstanceImage instances;
  draw(scene_, world_->state(), Camera::kAllocentric, image, &instances);
  return instances;
}

const Scene& Env::scene() const {
  require_episode("scene");
  return scene_;
}

State Env::state() const {
  require_episode("state");
  return world_->state();
}

const std::vector<uint8_t>& Env::drawn(Moment& moment) {
  if (moment.frame.empty()) {
    draw(scene_, moment.state, Camera::kAllocentric, canvas_);
    moment.frame.resize(kFrameBytes);
    downsample(canvas_, moment.frame.data());
  }
  return moment.frame;
}

void Env::require_episode(const char* call) const {
  if (!world_) {
    throw std::logic_error(std::string("Env::") + call + ": expected reset() first, got none");
  }
}

}  // namespace mint::envs
