#include "envs/task.h"

#include <algorithm>
#include <stdexcept>

#include "envs/preprocessor.h"
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

void require_variant(const TaskSpec& task, const std::string& variant) {
  const auto& known = task.variants;
  if (std::find(known.begin(), known.end(), variant) != known.end()) return;
  throw std::invalid_argument("variant: expected one of " + joined(known) + " for " + task.name +
                              ", got \"" + variant + "\"");
}

constexpr const char* kVersion = "v0";

void require_version(const std::string& version) {
  if (version == kVersion) return;
  throw std::invalid_argument(std::string("version: expected ") + kVersion + ", got \"" + version +
                              "\"");
}

}  // namespace

const std::vector<TaskSpec>& tasks() {
  static const std::vector<TaskSpec> all = {move_to_region(), move_to_corner(), match_regions(),
                                            make_line(),      find_dupe(),      fix_colour(),
                                            cluster_colour(), cluster_shape()};
  return all;
}

const TaskSpec& find_task(const std::string& name) {
  for (const TaskSpec& task : tasks()) {
    if (task.name == name) return task;
  }
  std::vector<std::string> known;
  for (const TaskSpec& task : tasks()) known.push_back(task.name);
  throw std::invalid_argument("task: expected one of " + joined(known) + ", got \"" + name + "\"");
}

Scene sample_scene(const std::string& task, const std::string& variant, uint64_t seed) {
  const TaskSpec& spec = find_task(task);
  require_variant(spec, variant);
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
  const bool has_form = parts.size() >= 3 && parts.back()[0] == 'v' &&
                        std::none_of(parts.begin(), parts.end(),
                                     [](const std::string& part) { return part.empty(); });
  if (!has_form) {
    throw std::invalid_argument(
        "environment name: expected <Task>-<Variant>[-<Preprocessor>]-v0, got \"" + name + "\"");
  }
  EnvName result{parts[0], parts[1], ""};
  for (size_t i = 2; i + 1 < parts.size(); ++i) {
    result.preprocessor += (result.preprocessor.empty() ? "" : "-") + parts[i];
  }
  try {
    require_variant(find_task(result.task), result.variant);
    parse_preprocessor(result.preprocessor);
    require_version(parts.back());
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument("environment name \"" + name + "\": " + error.what());
  }
  return result;
}

std::string to_string(const EnvName& name) {
  const std::string preprocessor = name.preprocessor.empty() ? "" : "-" + name.preprocessor;
  return name.task + "-" + name.variant + preprocessor + "-" + kVersion;
}

}  // namespace mint::envs
