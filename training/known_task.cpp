#include "training/known_task.h"

#include <algorithm>
#include <stdexcept>

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

bool is_environment_name(const std::string& name) {
  const size_t version = name.rfind("-v");
  return version != std::string::npos && version + 2 < name.size() &&
         name.find_first_not_of("0123456789", version + 2) == std::string::npos;
}

envs::EnvName known_environment(const std::string& name, const std::string& variant) {
  envs::EnvName result{name, variant.empty() ? "Demo" : variant, ""};
  if (is_environment_name(name)) {
    try {
      result = envs::parse_env_name(name);
    } catch (const std::invalid_argument& error) {
      throw ConfigError("command line: " + std::string(error.what()));
    }
    if (!variant.empty() && variant != result.variant) {
      throw ConfigError("command line: --variant: expected " + result.variant + ", as in " + name +
                        ", got " + variant);
    }
  }
  require_known_task(result.task, result.variant);
  return result;
}

}  // namespace mint::training
