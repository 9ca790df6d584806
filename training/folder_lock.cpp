#include "training/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace mint::training {

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  const auto fail = [&](const std::string& what) {
    if (descriptor_ >= 0) ::close(descriptor_);
    throw std::runtime_error(folder.string() + ": " + what);
  };
  if (descriptor_ < 0) fail(std::string("cannot be read: ") + std::strerror(errno));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) fail("run directory: expected no other process in it, got one");
  // Some network file systems have no locks; there one has to look oneself.
}

FolderLock::~FolderLock() {
  ::close(descriptor_);
}

}  // namespace mint::training
