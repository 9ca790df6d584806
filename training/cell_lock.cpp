#include "training/cell_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "training/interrupt.h"

namespace mint::training {

CellLock::CellLock(const std::filesystem::path& folder, const std::function<void()>& on_wait)
    : file_(folder / "lock"),
      descriptor_(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) fail();
  try {
    if (try_lock()) return;
    on_wait();
    do {
      if (is_interrupted()) throw Interrupted();
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    } while (!try_lock());
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

CellLock::~CellLock() {
  ::close(descriptor_);
}

// False when another one holds it.
bool CellLock::try_lock() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno != EWOULDBLOCK && errno != EINTR) fail();
  return false;
}

void CellLock::fail() const {
  throw std::runtime_error(file_.string() + ": cannot be locked: " + std::strerror(errno));
}

}  // namespace mint::training
