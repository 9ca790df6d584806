// A folder that lives as long as a test; in memory where the system has such a place, because files
// that are synced one by one take seconds on a busy disk.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace mint::tests {

class TemporaryFolder {
 public:
  enum Place { kInMemory, kOnDisk };

  explicit TemporaryFolder(Place place = kInMemory) {
    const bool has_memory = place == kInMemory && access("/dev/shm", W_OK | X_OK) == 0;
    const std::filesystem::path parent =
        has_memory ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string name = (parent / "mint-test-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error(name + ": cannot be created");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace mint::tests
