// Names for content: what has the same bytes has the same name. Not a protection against intent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mint::training {

// FNV-1a, 64 bits, fed piece by piece.
class ContentHash {
 public:
  void add(const void* bytes, size_t count);
  void add(std::string_view text) { add(text.data(), text.size()); }

  std::string text() const;  // 16 hexadecimal digits

 private:
  uint64_t hash_ = 0xcbf29ce484222325u;
};

// The name of a whole text.
std::string content_hash(std::string_view text);

}  // namespace mint::training
