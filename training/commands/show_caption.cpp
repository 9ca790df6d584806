#include "training/commands/show_caption.h"

#include <cstdio>

#include "envs/task.h"

namespace mint::training {
namespace {

double present_score(const envs::Env& env) {
  return envs::score(env.scene(), env.state());
}

}  // namespace

std::string score_text(double score) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", score);
  return text;
}

std::string episode_name(const envs::Env& env) {
  return env.task().name + "-" + env.scene().variant;
}

std::vector<std::string> episode_caption(const envs::Env& env, uint64_t seed) {
  const int length = env.task().episode_length;
  return {episode_name(env), "seed " + std::to_string(seed),
          "step " + std::to_string(env.steps()) + "/" + std::to_string(length),
          "score " + score_text(present_score(env))};
}

std::string episode_outcome(const envs::Env& env, uint64_t seed) {
  return episode_name(env) + ": seed " + std::to_string(seed) + ": score " +
         score_text(present_score(env)) + " after " + std::to_string(env.steps()) + " of " +
         std::to_string(env.task().episode_length) + " steps";
}

}  // namespace mint::training
