// Runs programs of thread blocks (perception/thread_block.h) on the CPU, a thread after the other
// in every phase, first to last or last to first: a phase in which threads depend on each other
// gives other results in one of the orders.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>

#include "perception/thread_block.h"

namespace mint::tests {

struct SerialBlock {
  int64_t index;
  bool is_backwards;

  template <typename Phase>
  void each(const Phase& phase) const {
    constexpr int kThreads = perception::kBlockThreads;
    for (int i = 0; i < kThreads; ++i) phase(is_backwards ? kThreads - 1 - i : i);
  }
};

struct SerialLaunch {
  bool is_backwards = false;

  template <typename Program>
  void operator()(int64_t blocks, const Program& program) const {
    using Shared = typename Program::Shared;
    static_assert(std::is_trivial_v<Shared>, "shared memory of a GPU is not constructed");
    static_assert(sizeof(Shared) <= 48 * 1024, "what a GPU gives a block without asking");
    const auto shared = std::make_unique<Shared>();
    for (int64_t i = 0; i < blocks; ++i) {
      std::memset(static_cast<void*>(shared.get()), 0xff, sizeof(Shared));  // NaN
      program(SerialBlock{is_backwards ? blocks - 1 - i : i, is_backwards}, *shared);
    }
  }
};

}  // namespace mint::tests
