// Every configuration mistake reads `where: key: expected X, got "Y"`, where `where` is file:line
// or "command line". The program exits with 2 on it, with 1 on any other failure.
#pragma once

#include <stdexcept>
#include <string>

namespace mint::training {

class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(const std::string& message) : std::runtime_error(message) {}

  ConfigError(const std::string& where, const std::string& key, const std::string& expected,
              const std::string& got)
      : std::runtime_error(where + ": " + key + ": expected " + expected + ", got \"" + got +
                           "\"") {}
};

}  // namespace mint::training
