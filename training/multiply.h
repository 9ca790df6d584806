// Many episodes out of a few demonstrations, after MimicGen (Mandlekar et al. 2023): the segments
// of a demonstration are transformed to a start where everything lies a little elsewhere, and
// retraced there closed loop (agents/experts/retrace.h). Only what scores 1 is kept.
//
// The episodes are those of Demo scenes with other start poses, so they are called Demo; regions
// move, too, and are not part of an episode's `states`. Starts come from a stream of random numbers
// of their own: no evaluation's start is among them but by chance.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agents/experts/recording.h"
#include "envs/placement.h"
#include "training/demonstration_segments.h"
#include "training/demonstrations.h"

namespace mint::training {

struct MultiplyConfig {
  int episodes = 1000;                          // of each task
  double noise = experts::kDefaultActionNoise;  // probability of executing another action
  // Of the start poses, twice as wide as TestJitter's: a policy should know more than it meets.
  envs::PlacementLimits jitter = {2 * envs::kJitterPosition, 2 * envs::kJitterRotation_rad};
  uint64_t seed = 0;
  int jobs = 1;  // threads; the results do not depend on it
};

// The demonstrations of one task that can be multiplied.
struct MultiplySources {
  std::string task;
  std::vector<SegmentedDemonstration> demonstrations;
};

// How far a call is: `done` of `total`.
using MultiplyProgress = std::function<void(int64_t done, int64_t total)>;

// Reads and segments `file`, with all its tasks or, unless it is empty, with `task` alone. A
// demonstration that cannot be multiplied adds a line to `remarks` that says why. Throws
// std::runtime_error when the file cannot be read, when a demonstration is not of Demo, and when a
// task has none left.
std::vector<MultiplySources> read_multiply_sources(const std::string& file, const std::string& task,
                                                   int jobs, const MultiplyProgress& on_progress,
                                                   std::vector<std::string>& remarks);

struct MultiplyCount {
  int64_t kept = 0;
  int64_t trials = 0;
};

// Calls `on_episode` with `config.episodes` episodes of `sources`, from its demonstrations in turn;
// one that fails several times in a row leaves its turn to the next. `source` of an episode is
// "multiplied:<file_name>:demo_7". The same arguments give the same episodes. Throws
// std::runtime_error when every demonstration has failed.
MultiplyCount multiply(const MultiplySources& sources, const std::string& file_name,
                       const MultiplyConfig& config,
                       const std::function<void(const Episode&)>& on_episode);

}  // namespace mint::training
