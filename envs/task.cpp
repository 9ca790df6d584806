#include "envs/task.h"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "envs/tasks_make_line.h"
#include "envs/tasks_move_to_corner.h"
#include "envs/tasks_move_to_region.h"

namespace mint::envs {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

const std::vector<TaskSpec>& tasks() {
  static const std::vector<TaskSpec> all = {move_to_region(), move_to_corner(), make_line()};
  return all;
}

const TaskSpec& find_task(const std::string& name) {
  std::vector<std::string> known;
  for (const TaskSpec& task : tasks()) {
    if (task.name == name) return task;
    known.push_back(task.name);
  }
  throw std::invalid_argument("task: expected one of " + joined(known) + ", got \"" + name + "\"");
}

Scene sample_scene(const std::string& task, const std::string& variant, uint64_t seed) {
  const TaskSpec& spec = find_task(task);
  const auto& known = spec.variants;
  if (std::find(known.begin(), known.end(), variant) == known.end()) {
    throw std::invalid_argument("variant: expected one of " + joined(known) + " for " + task +
                                ", got \"" + variant + "\"");
  }
  Random random(derive_seed(seed, task + "-" + variant));
  Scene scene = spec.sample(variant, random);
  scene.task = task;
  scene.variant = variant;
  return scene;
}

double score(const Scene& scene, const State& state) {
  return find_task(scene.task).score(scene, state);
}

EnvName parse_env_name(const std::string& name) {
  static const std::regex pattern("([^-]+)-(Demo|Test[^-]+)((?:-[^-]+)*)-v[0-9]+");
  std::smatch match;
  if (!std::regex_match(name, match, pattern)) {
    throw std::invalid_argument(
        "environment name: expected <Task>-<Variant>[-<Preprocessor>]-v0, got \"" + name + "\"");
  }
  const std::string preprocessor = match[3];
  return {match[1], match[2], preprocessor.empty() ? "" : preprocessor.substr(1)};
}

std::string to_string(const EnvName& name) {
  const std::string preprocessor = name.preprocessor.empty() ? "" : "-" + name.preprocessor;
  return name.task + "-" + name.variant + preprocessor + "-v0";
}

}  // namespace mint::envs
