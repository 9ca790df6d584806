// Every configuration mistake reads `where: key: expected X, got "Y"`, where `where` is file:line
// or "command line". The program exits with 2 on it, with 1 on any other failure.
#pragma once

#include <stdexcept>
#include <string>

#include "training/printable.h"

namespace mint::training {

class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(const std::string& message) : std::runtime_error(printable(message)) {}

  ConfigError(const std::string& where, const std::string& key, const std::string& expected,
              const std::string& got)
      : ConfigError(where + ": " + key + ": expected " + expected + ", got \"" + got + "\"") {}
};

}  // namespace mint::training
