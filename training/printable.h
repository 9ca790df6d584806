// Text from a file that nobody vouches for, in messages: they are one line, and a terminal must not
// obey what a file says.
#pragma once

#include <string>

namespace mint::training {

// Control characters become question marks.
inline std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  }
  return text;
}

}  // namespace mint::training
