#include "training/shard.h"

#include <regex>

#include "training/config_error.h"

namespace mint::training {

Shard parse_shard(const std::string& text) {
  std::smatch match;
  if (std::regex_match(text, match, std::regex("(\\d{1,6})/(\\d{1,6})"))) {
    const Shard shard{std::stoul(match[1]), std::stoul(match[2])};
    if (shard.index < shard.count) return shard;
  }
  throw ConfigError("study: shard: expected i/n with i < n, got \"" + text + "\"");
}

}  // namespace mint::training
