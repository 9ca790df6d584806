#include "training/recording.h"

#include <set>
#include <stdexcept>
#include <utility>

#include "envs/draw.h"
#include "envs/random.h"
#include "envs/state_vector.h"
#include "envs/task.h"

namespace mint::training {
Episode to_episode(const experts::RecordedEpisode& recorded, uint64_t seed,
                   const std::string& source) {
  Episode episode;
  episode.env_name = envs::to_string({recorded.scene.task, recorded.scene.variant, ""});
  episode.score = recorded.score;
  episode.source = source;
  episode.seed = seed;
  episode.actions = recorded.labels;
  if (recorded.executed != recorded.labels) episode.executed_actions = recorded.executed;
  episode.height = episode.width = envs::kObservationSize_px;
  episode.frames = draw_frames(recorded.scene, recorded.states);
  for (size_t step = 0; step < recorded.labels.size(); ++step) {
    envs::append_state(recorded.states[step], episode.states);
  }
  return episode;
}

std::vector<uint8_t> draw_frames(const envs::Scene& scene, const std::vector<envs::State>& states) {
  std::vector<uint8_t> frames(states.size() * envs::kObservationBytes);
  uint8_t* frame = frames.data();
  for (const envs::State& state : states) {
    envs::draw_observation(scene, state, envs::Camera::kAllocentric, frame);
    frame += envs::kObservationBytes;
  }
  return frames;
}

uint64_t recording_seed(uint64_t root, const std::string& task, const std::string& variant,
                        int index) {
  return envs::derive_seed(root, "record:" + task + "-" + variant, index);
}

EpisodeRecorder::EpisodeRecorder(const std::string& task, const std::string& variant)
    : env_(task, variant) {}

void EpisodeRecorder::start(uint64_t seed) {
  seed_ = seed;
  env_.reset(seed);
  actions_.clear();
  states_ = {env_.state()};
}

void EpisodeRecorder::step(int action) {
  env_.step(action);
  actions_.push_back(action);
  states_.push_back(env_.state());
}

double EpisodeRecorder::score() const {
  return envs::score(env_.scene(), env_.state());
}

Episode EpisodeRecorder::episode(const std::string& source) const {
  if (!is_at_end()) {
    throw std::logic_error("EpisodeRecorder::episode: expected " +
                           std::to_string(env_.task().episode_length) + " steps, got " +
                           std::to_string(env_.steps()));
  }
  return to_episode({env_.scene(), actions_, actions_, states_, score()}, seed_, source);
}

void record_expert(const RecordingConfig& config,
                   const std::function<void(const Episode&)>& on_episode) {
  const int most_attempts = 20 * config.episodes + 100;
  std::set<std::vector<int>> seen;
  for (int attempt = 0; static_cast<int>(seen.size()) < config.episodes; ++attempt) {
    if (attempt == most_attempts) {
      throw std::runtime_error("record: " + config.task + "-" + config.variant + ": expected " +
                               std::to_string(config.episodes) +
                               " different episodes of score 1, got " +
                               std::to_string(seen.size()) + " in " + std::to_string(attempt) +
                               " attempts; try less noise");
    }
    const uint64_t seed = recording_seed(config.seed, config.task, config.variant, attempt);
    const auto recorded = experts::record_episode(config.task, config.variant, seed, config.noise);
    if (recorded.score < 1 || !seen.insert(recorded.labels).second) continue;
    on_episode(to_episode(recorded, seed, "expert"));
  }
}

}  // namespace mint::training
