#include "envs/task.h"

#include <algorithm>
#include <stdexcept>

#include "envs/tasks_cluster_colour.h"
#include "envs/tasks_cluster_shape.h"
#include "envs/tasks_find_dupe.h"
#include "envs/tasks_fix_colour.h"
#include "envs/tasks_make_line.h"
#include "envs/tasks_match_regions.h"
#include "envs/tasks_move_to_corner.h"
#include "envs/tasks_move_to_region.h"

namespace mint::envs {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

bool is_variant(const std::string& part) {
  return part == "Demo" || (part.rfind("Test", 0) == 0 && part.size() > 4);
}

bool is_version(const std::string& part) {  // "v0"
  return part.size() > 1 && part[0] == 'v' &&
         part.find_first_not_of("0123456789", 1) == std::string::npos;
}

}  // namespace

const std::vector<TaskSpec>& tasks() {
  static const std::vector<TaskSpec> all = {move_to_region(), move_to_corner(), match_regions(),
                                            make_line(),      find_dupe(),      fix_colour(),
                                            cluster_colour(), cluster_shape()};
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
  const Variation vary = variation_of(variant);
  Scene scene = spec.sample(vary, random);
  if (vary.dynamics) scene.dynamics = draw_dynamics(random);
  scene.task = task;
  scene.variant = variant;
  return scene;
}

double score(const Scene& scene, const State& state) {
  return find_task(scene.task).score(scene, state);
}

EnvName parse_env_name(const std::string& name) {
  const std::vector<std::string> parts = split(name, '-');
  const bool is_valid = parts.size() >= 3 &&
                        std::none_of(parts.begin(), parts.end(),
                                     [](const std::string& part) { return part.empty(); }) &&
                        is_variant(parts[1]) && is_version(parts.back());
  if (!is_valid) {
    throw std::invalid_argument(
        "environment name: expected <Task>-<Variant>[-<Preprocessor>]-v0, got \"" + name + "\"");
  }
  EnvName result{parts[0], parts[1], ""};
  for (size_t i = 2; i + 1 < parts.size(); ++i) {
    result.preprocessor += (result.preprocessor.empty() ? "" : "-") + parts[i];
  }
  return result;
}

std::string to_string(const EnvName& name) {
  const std::string preprocessor = name.preprocessor.empty() ? "" : "-" + name.preprocessor;
  return name.task + "-" + name.variant + preprocessor + "-v0";
}

}  // namespace mint::envs
