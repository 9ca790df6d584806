#include "training/known_task.h"

#include <algorithm>
#include <stdexcept>

#include "envs/task.h"
#include "training/config_error.h"

namespace mint::training {

bool is_known_task(const std::string& task) {
  const auto& all = envs::tasks();
  return std::any_of(all.begin(), all.end(), [&](const auto& spec) { return spec.name == task; });
}

void require_known_task(const std::string& task, const std::string& variant) {
  try {
    envs::sample_scene(task, variant, /*seed=*/0);
  } catch (const std::invalid_argument& error) {
    throw ConfigError("command line: " + std::string(error.what()));
  }
}

}  // namespace mint::training
