// A run directory is written by one process at a time.
#pragma once

#include <filesystem>

namespace mint::training {

class FolderLock {
 public:
  // The system lets go of it when the process dies. Throws std::runtime_error `folder: run
  // directory: ...` when another run of a command, in this process or another, holds it.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace mint::training
