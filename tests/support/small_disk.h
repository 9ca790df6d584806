// A file system of a few megabytes in memory, to be filled or made read-only. Only root can have
// one, and not in every container.
#pragma once

#include <sys/mount.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "tests/support/temporary_folder.h"

namespace mint::tests {

class SmallDisk {
 public:
  explicit SmallDisk(int64_t bytes) {
    const std::string options = "size=" + std::to_string(bytes);
    is_there_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  ~SmallDisk() {
    if (is_there_) ::umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const { return is_there_; }
  const std::filesystem::path& path() const { return folder_.path(); }

  void resize(int64_t bytes) { remount(0, "size=" + std::to_string(bytes)); }
  void make_read_only() { remount(MS_RDONLY, ""); }

 private:
  void remount(unsigned long flags, const std::string& options) {
    if (::mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT | flags, options.c_str()) != 0)
      throw std::runtime_error(path().string() + ": cannot be mounted anew");
  }

  TemporaryFolder folder_;
  bool is_there_ = false;
};

}  // namespace mint::tests

// Skips the current test where such a disk cannot be had.
#define MINT_NEEDS(disk)                                            \
  if (!(disk).is_there()) {                                         \
    GTEST_SKIP() << "mounting a small tmpfs is not permitted here"; \
  }
