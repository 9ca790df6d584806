// The contract of a task: its layout, what each variant randomises, its score, its length.
//
// To add a task:
//   1. Write envs/tasks_<name>.{h,cpp} with one function that returns a TaskSpec; the header says
//      what Scene::targets and goal_region mean and gives the score's formula. tasks_fix_colour.cpp
//      is a full example: Demo layout, appearance (envs/variant.h), order of entities, sizes and
//      poses (envs/placement.h), score (envs/region.h and envs/cluster.h have the usual parts).
//   2. Add one line to tasks() in envs/task.cpp. Programs, tests and benchmarks go through that
//      list; tests/envs/task_contract_test.cpp then checks every variant, so build envs_test.
//      Where blocks may start in a region, say so there, in belongs_in().
//   3. Write its scores by hand for a few states into tests/envs/task_scores_test.cpp.
//   4. Add an expert (agents/experts/expert.h says how). Configurations name a task by its name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "envs/random.h"
#include "envs/scene.h"
#include "envs/variant.h"

namespace mint::envs {

struct TaskSpec {
  std::string name;                   // "MoveToRegion"
  int episode_length = 0;             // control steps; an episode never ends earlier
  std::vector<std::string> variants;  // "Demo" first
  // Builds the Demo scene with what `vary` asks for drawn anew; Demo draws no random number. The
  // dynamics, the task's name and the variant's are filled in by sample_scene().
  Scene (*sample)(const Variation& vary, Random& random) = nullptr;
  // In [0, 1], of the final state only; pure, without allocation.
  double (*score)(const Scene& scene, const State& state) = nullptr;
};

// All tasks, in the order of section 1 of the MAGICAL page.
const std::vector<TaskSpec>& tasks();

// Throws std::invalid_argument that lists the known names.
const TaskSpec& find_task(const std::string& name);

// The same seed gives the same scene. Throws std::invalid_argument for an unknown task or variant.
Scene sample_scene(const std::string& task, const std::string& variant, uint64_t seed);

// The task's score of `state`, looked up by `scene.task`.
double score(const Scene& scene, const State& state);

// An environment's name, "MakeLine-TestJitter-LoRes4A-v0": <Task>-<Variant>[-<Preprocessor>]-v0.
struct EnvName {
  std::string task;
  std::string variant;
  std::string preprocessor;  // of envs/preprocessor.h; empty for the raw environment
};

// Throws std::invalid_argument, with a message of its own for each: another form, a task that does
// not exist, a variant that this task does not have, an unknown preprocessor, another version.
EnvName parse_env_name(const std::string& name);
std::string to_string(const EnvName& name);

}  // namespace mint::envs
