#include "envs/env.h"

#include <algorithm>
#include <stdexcept>

#include "envs/image.h"

namespace mint::envs {

Env::Env(const std::string& task, const std::string& variant, Preprocessor preprocessor)
    : task_(&find_task(task)), variant_(variant), preprocessor_(preprocessor) {
  sample_scene(task, variant, 0);  // throws for an unknown variant
}

void Env::reset(uint64_t seed) {
  scene_ = sample_scene(task_->name, variant_, seed);
  world_.emplace(scene_);
  for (Moment& moment : history_) {
    moment.state = world_->state();
    moment.is_drawn = {false, false};
  }
  newest_ = 0;
  steps_ = 0;
}

StepResult Env::step(int action) {
  require_episode("step");
  if (steps_ == task_->episode_length) {
    throw std::logic_error("Env::step: expected reset() after the last step, got another step");
  }
  world_->step(action);
  ++steps_;
  newest_ = (newest_ + 1) % kStackedFrames;
  history_[newest_].state = world_->state();
  history_[newest_].is_drawn = {false, false};
  const bool is_last = steps_ == task_->episode_length;
  return {is_last ? task_->score(scene_, newest().state) : 0, is_last};
}

std::vector<uint8_t> Env::observation() {
  std::vector<uint8_t> bytes(observation_bytes(preprocessor_));
  write_observation(bytes.data());
  return bytes;
}

void Env::write_observation(uint8_t* out) {
  require_episode("write_observation");
  for (const ObservationArray& array : observation_arrays(preprocessor_)) {
    if (array.is_stack) {
      std::array<const uint8_t*, kStackedFrames> frames;
      for (int i = 0; i < kStackedFrames; ++i) {
        frames[i] = drawn(array.slots[i].camera, array.slots[i].age).data();
      }
      stack_frames(frames, array.channels_first, out);
    } else {
      const Image image = full_frame(array.slots[0].camera);
      std::copy(image.rgb.begin(), image.rgb.end(), out);
    }
    out += array.bytes();
  }
}

const std::vector<uint8_t>& Env::frame(Camera camera) {
  require_episode("frame");
  return drawn(camera, 0);
}

std::vector<uint8_t> Env::stack(Camera camera) {
  require_episode("stack");
  std::vector<uint8_t> frames;
  frames.reserve(kStackedFrames * kObservationBytes);
  for (int age = kStackedFrames - 1; age >= 0; --age) {
    const std::vector<uint8_t>& frame = drawn(camera, age);
    frames.insert(frames.end(), frame.begin(), frame.end());
  }
  return frames;
}

Image Env::full_frame(Camera camera) const {
  require_episode("full_frame");
  Image image;
  draw(scene_, newest().state, camera, image);
  return image;
}

InstanceImage Env::instances(Camera camera) const {
  require_episode("instances");
  Image image;
  InstanceImage instances;
  draw(scene_, newest().state, camera, image, &instances);
  return instances;
}

const Scene& Env::scene() const {
  require_episode("scene");
  return scene_;
}

const State& Env::state() const {
  require_episode("state");
  return newest().state;
}

// The frame `age` steps ago; before the reset there was nothing but the reset frame.
const std::vector<uint8_t>& Env::drawn(Camera camera, int age) {
  const auto view = static_cast<size_t>(camera);
  Moment& moment = history_[(newest_ + kStackedFrames - std::min(age, steps_)) % kStackedFrames];
  if (!moment.is_drawn[view]) {
    for (Moment& each : history_) each.frames[view].resize(kObservationBytes);
    draw_observation(scene_, moment.state, camera, moment.frames[view].data());
    moment.is_drawn[view] = true;
  }
  return moment.frames[view];
}

void Env::require_episode(const char* call) const {
  if (!world_) {
    throw std::logic_error(std::string("Env::") + call + ": expected reset() first, got none");
  }
}

Env make_env(const std::string& name) {
  const EnvName parts = parse_env_name(name);
  return Env(parts.task, parts.variant, parse_preprocessor(parts.preprocessor));
}

}  // namespace mint::envs
