#include "training/demonstration_segments.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "envs/image.h"
#include "envs/state_vector.h"
#include "envs/task.h"
#include "envs/world.h"
#include "training/measured_states.h"

namespace mint::training {
namespace {

// Levels of 255, on average over a frame: what cannot be measured differs by several.
constexpr double kWorstResidual = 1;

[[noreturn]] void fail(const std::string& what, const std::string& expected,
                       const std::string& got) {
  throw std::runtime_error(what + ": expected " + expected + ", got " + got);
}

const std::vector<int>& executed(const Episode& episode) {
  return episode.executed_actions.empty() ? episode.actions : episode.executed_actions;
}

// The recorded ones and the one after the last action.
std::vector<envs::State> recorded_states(const envs::Scene& scene, const Episode& episode) {
  const size_t values = episode.states.size() / episode.actions.size();
  const size_t expected = 22 + 6 * scene.blocks.size();
  if (values != expected)
    fail("states", std::to_string(expected) + " values a row", std::to_string(values));
  std::vector<envs::State> states;
  for (size_t t = 0; t < episode.actions.size(); ++t) {
    states.push_back(envs::state_from_row(&episode.states[t * values], values));
  }
  envs::World world(scene);
  world.restore(states.back());
  world.step(executed(episode).back());
  states.push_back(world.state());
  return states;
}

std::vector<envs::State> states_from_frames(const envs::Scene& scene, const Episode& episode) {
  if (episode.height != envs::kObservationSize_px || episode.width != envs::kObservationSize_px) {
    fail("frames", "96x96", std::to_string(episode.width) + "x" + std::to_string(episode.height));
  }
  MeasuredStates measured = measure_states(scene, executed(episode), episode.frames);
  const auto worst = std::max_element(measured.residuals.begin(), measured.residuals.end());
  if (*worst > kWorstResidual) {
    char levels[32];
    std::snprintf(levels, sizeof levels, "%.1f", *worst);
    fail("frame " + std::to_string(worst - measured.residuals.begin()),
         "a picture of " + scene.task + "-Demo after these actions",
         std::string("one that differs from it by ") + levels + " levels");
  }
  return std::move(measured.states);
}

}  // namespace

SegmentedDemonstration segment_demonstration(const std::string& name, const Episode& episode) {
  const envs::EnvName environment = envs::parse_env_name(episode.env_name);
  if (environment.variant != "Demo") fail("variant", "Demo", environment.variant);
  if (episode.source.rfind("multiplied:", 0) == 0)
    fail("source", "a demonstration", "an episode made by mint multiply");
  if (episode.score < 1) fail("score", "1", std::to_string(episode.score));
  const int length = envs::find_task(environment.task).episode_length;
  if (episode.length() != length)
    fail("actions", std::to_string(length), std::to_string(episode.length()));

  SegmentedDemonstration result;
  result.name = name;
  result.scene = envs::sample_scene(environment.task, "Demo", episode.seed);
  result.outline =
      experts::outline_of(episode.states.empty() ? states_from_frames(result.scene, episode)
                                                 : recorded_states(result.scene, episode));
  if (!result.scene.blocks.empty() && result.outline.segments.empty())
    fail(episode.states.empty() ? "frames" : "states", "a block that is moved", "none");
  return result;
}

}  // namespace mint::training
