// A cell of a study is computed by one process at a time.
#pragma once

#include <filesystem>
#include <functional>

namespace mint::training {

// Holds <folder>/lock; the system lets go of it when the process dies.
class CellLock {
 public:
  // Waits until nobody else holds it; `on_wait` is called once when somebody does. Throws
  // Interrupted when a signal asks to stop, std::runtime_error when the file cannot be locked.
  CellLock(const std::filesystem::path& folder, const std::function<void()>& on_wait);
  ~CellLock();
  CellLock(const CellLock&) = delete;
  CellLock& operator=(const CellLock&) = delete;

 private:
  bool try_lock();
  [[noreturn]] void fail() const;

  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace mint::training
