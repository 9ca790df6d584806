#include "agents/experts/recording.h"

#include <stdexcept>

#include "envs/task.h"
#include "envs/world.h"

namespace mint::experts {

RecordedEpisode record_episode(const std::string& task, const std::string& variant, uint64_t seed,
                               double noise) {
  const envs::Scene scene = envs::sample_scene(task, variant, seed);
  const auto expert = make_expert(scene, envs::derive_seed(seed, "expert"));
  return record_episode(scene, *expert, envs::derive_seed(seed, "action noise"), noise);
}

RecordedEpisode record_episode(const envs::Scene& scene, Expert& expert, uint64_t seed,
                               double noise) {
  if (!(noise >= 0 && noise <= 1)) {
    throw std::invalid_argument("record_episode: noise: expected a number in [0, 1], got " +
                                std::to_string(noise));
  }
  RecordedEpisode episode;
  episode.scene = scene;
  envs::Random random(seed);
  envs::World world(scene);
  episode.states.push_back(world.state());
  const int length = envs::find_task(scene.task).episode_length;
  for (int step = 0; step < length; ++step) {
    const int label = expert.act(scene, episode.states.back(), step);
    const int before = episode.executed.empty() ? -1 : episode.executed.back();
    const int action = disturbed_action(label, before, noise, random);
    world.step(action);
    episode.labels.push_back(label);
    episode.executed.push_back(action);
    episode.states.push_back(world.state());
  }
  episode.score = envs::score(scene, episode.states.back());
  return episode;
}

int disturbed_action(int action, int before, double noise, envs::Random& random) {
  if (random.uniform(0, 1) >= noise) return action;
  const bool is_held_over = before >= 0 && random.below(2) == 0;
  return is_held_over ? before : random.below(envs::kActions);
}

}  // namespace mint::experts
