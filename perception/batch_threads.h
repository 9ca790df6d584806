// A batch shared by a few threads that live for one call.
#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

namespace mint::perception {

// run(first, last) on parts of 0 .. items, one part in the calling thread; rethrows what a part
// throws. REQUIRES: threads >= 1
template <typename Run>
void share_batch(int64_t items, int64_t threads, const Run& run) {
  const int64_t parts = std::max<int64_t>(std::min(items, threads), 1);
  std::vector<std::exception_ptr> thrown(static_cast<size_t>(parts));
  const auto part = [&](int64_t i) {
    try {
      run(i * items / parts, (i + 1) * items / parts);
    } catch (...) {
      thrown[static_cast<size_t>(i)] = std::current_exception();
    }
  };
  std::vector<std::thread> workers;
  for (int64_t i = 1; i < parts; ++i) workers.emplace_back(part, i);
  part(0);
  for (std::thread& worker : workers) worker.join();
  for (const std::exception_ptr& error : thrown) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace mint::perception
