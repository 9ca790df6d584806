// What the fuzz targets share: an input as a file, and what a reader may do with it. A reader
// accepts its input or refuses it with one line; anything else ends the program, which libFuzzer
// and the replay report together with the input.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typeinfo>

#include "training/config_error.h"

namespace mint::fuzz {

[[noreturn]] inline void report(const std::string& what) {
  std::fprintf(stderr, "finding: %s\n", what.c_str());
  std::abort();
}

// A message is printed in a terminal: one line, and no escape sequence that a file smuggled in.
inline void require_one_line(const std::string& message) {
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  if (std::any_of(message.begin(), message.end(), is_control))
    report("control characters in the message: " + message);
}

// Whether `read` accepts its input. The types are compared exactly, because exceptions of the file
// system and of yaml-cpp, which nobody made fit to be shown, derive from std::runtime_error, too.
template <class Read>
bool is_accepted(const Read& read) {
  try {
    read();
    return true;
  } catch (const std::exception& error) {
    const std::type_info& type = typeid(error);
    if (type != typeid(std::runtime_error) && type != typeid(std::invalid_argument) &&
        type != typeid(training::ConfigError))
      report(std::string("an exception of type ") + type.name() + ": " + error.what());
    require_one_line(error.what());
  }
  return false;
}

inline std::string_view as_text(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A file without a place on disk, for readers that want a path.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (descriptor_ < 0) report("memfd_create failed");
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  void fill(std::string_view bytes) {
    const bool is_written =
        ::ftruncate(descriptor_, 0) == 0 &&
        ::pwrite(descriptor_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
    if (!is_written) report("a memory file cannot be written");
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace mint::fuzz
