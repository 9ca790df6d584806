// A JSON value from a file that nobody vouches for, in messages.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "training/printable.h"

namespace mint::training {

// Arrays and objects are only named: to print one takes as much stack as it is deep.
inline std::string printable(const nlohmann::json& value) {
  if (value.is_array()) return "an array";
  return value.is_object() ? "an object" : printable(value.dump());
}

}  // namespace mint::training
