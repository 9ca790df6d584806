#include "training/content_hash.h"

#include <cstdio>

namespace mint::training {

void ContentHash::add(const void* bytes, size_t count) {
  const auto* byte = static_cast<const uint8_t*>(bytes);
  for (size_t i = 0; i < count; ++i) hash_ = (hash_ ^ byte[i]) * 0x100000001b3u;
}

std::string ContentHash::text() const {
  char text[24];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_));
  return text;
}

std::string content_hash(std::string_view text) {
  ContentHash hash;
  hash.add(text);
  return hash.text();
}

}  // namespace mint::training
