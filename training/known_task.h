// Names of tasks, variants and environments that a user typed.
#pragma once

#include <string>

#include "envs/task.h"

namespace mint::training {

bool is_known_task(const std::string& task);

// Throws ConfigError, which lists the known names, unless both are known.
void require_known_task(const std::string& task, const std::string& variant);

// Whether `name` has the form of an environment's name: "MoveToCorner-Demo-v0".
bool is_environment_name(const std::string& name);

// The environment behind a task ("MoveToCorner") or an environment's whole name, and a variant
// beside it: "" means the name's own, Demo for a task. Throws ConfigError for what does not exist
// and for two variants that differ.
envs::EnvName known_environment(const std::string& name, const std::string& variant);

}  // namespace mint::training
