// A batch shared by some of the threads of perception/threads.h.
#pragma once

#include <algorithm>
#include <cstdint>

#include "perception/threads.h"

namespace mint::perception {

// run(first, last) on at most `most` parts of 0 .. items, as parallel_for does its tasks.
// REQUIRES: most >= 1
template <typename Run>
void share_batch(int64_t items, int64_t most, const Run& run) {
  const int64_t parts = std::min(items, most);
  parallel_for(parts, [&](int64_t i, int64_t /*worker*/) {
    run(i * items / parts, (i + 1) * items / parts);
  });
}

}  // namespace mint::perception
