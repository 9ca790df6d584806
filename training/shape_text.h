// Shapes in messages.
#pragma once

#include <string>

namespace mint::training {

// "[60, 18]"; `shape` is any list of integers.
template <class Shape>
std::string shape_text(const Shape& shape) {
  std::string text;
  for (const auto side : shape) text += (text.empty() ? "" : ", ") + std::to_string(side);
  return "[" + text + "]";
}

}  // namespace mint::training
