// The contract of a task: its layout, what each variant randomises, its score, its length.
//
// To add a task: write envs/tasks_<name>.{h,cpp} that returns a TaskSpec, add one line to the list
// in envs/task.cpp and one YAML that names it. Every task passes tests/envs/task_contract_test.cpp.
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
  // In [0, 1], of the final state only; pure.
  double (*score)(const Scene& scene, const State& state) = nullptr;
};

const std::vector<TaskSpec>& tasks();

// Throws std::invalid_argument that lists the known names.
const TaskSpec& find_task(const std::string& name);

// The same seed gives the same scene. Throws std::invalid_argument for an unknown task or variant.
Scene sample_scene(const std::string& task, const std::string& variant, uint64_t seed);

// The task's score of `state`, looked up by `scene.task`.
double score(const Scene& scene, const State& state);

// An environment's name, "MakeLine-TestJitter-LoRes4A-v0": <task>-<variant>[-<preprocessor>]-v0.
struct EnvName {
  std::string task;
  std::string variant;
  std::string preprocessor;  // empty for the raw environment
};
EnvName parse_env_name(const std::string& name);  // throws std::invalid_argument
std::string to_string(const EnvName& name);

}  // namespace mint::envs
