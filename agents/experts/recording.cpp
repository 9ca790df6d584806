#include "agents/experts/recording.h"

#include <stdexcept>

#include "envs/random.h"
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
    int action = label;
    if (random.uniform(0, 1) < noise) {
      const bool is_held_over = step > 0 && random.below(2) == 0;
      action = is_held_over ? episode.executed.back() : random.below(envs::kActions);
    }
    world.step(action);
    episode.labels.push_back(label);
    episode.executed.push_back(action);
    episode.states.push_back(world.state());
  }
  episode.score = envs::score(scene, episode.states.back());
  return episode;
}

}  // namespace mint::experts
