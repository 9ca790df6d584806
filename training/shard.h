// The part of a study's cells that one machine computes.
#pragma once

#include <cstddef>
#include <string>

namespace mint::training {

struct Shard {
  size_t index = 0;
  size_t count = 1;

  bool holds(size_t cell) const { return cell % count == index; }
};

// "i/n". Throws ConfigError unless i < n.
Shard parse_shard(const std::string& text);

}  // namespace mint::training
