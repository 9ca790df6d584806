// Names of tasks and variants that a user typed.
#pragma once

#include <string>

namespace mint::training {

bool is_known_task(const std::string& task);

// Throws ConfigError, which lists the known names, unless both are known.
void require_known_task(const std::string& task, const std::string& variant);

}  // namespace mint::training
