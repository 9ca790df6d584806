// How the programs of thread blocks are written that a GPU runs and that the tests run on the CPU
// in plain loops.
//
// A program is a struct of sizes and pointers with a struct Shared, the memory that the threads of
// a block share, and
//   template <typename Block> void operator()(const Block& block, Shared& shared) const;
// which is called for every block with its `block.index`. The work is cut into phases:
// block.each(f) calls f(thread) for kBlockThreads threads and waits for all of them, and nothing
// but Shared and global memory lasts from one phase to the next. Inside a phase no thread reads
// what another one writes; the tests run the threads in both orders. Outside of phases all threads
// compute the same, and read nothing that the phase after it writes.
//
// Sums are taken in a fixed order, so results are the same in every run.
#pragma once

#include <cstdint>

#include "perception/host_device.h"

namespace mint::perception {

inline constexpr int kBlockThreads = 256;

inline int64_t blocks_for(int64_t values) {
  return (values + kBlockThreads - 1) / kBlockThreads;
}

// join(i, j) takes what thread j has into what thread i has; in the end thread 0 has all.
template <typename Block, typename Join>
MINT_HOST_DEVICE inline void join_threads(const Block& block, const Join& join) {
  for (int half = kBlockThreads / 2; half > 0; half /= 2) {
    block.each([&](int thread) {
      if (thread < half) join(thread, thread + half);
    });
  }
}

// sums[s][0] becomes the sum of sums[s].
template <int kSums, typename Block>
MINT_HOST_DEVICE inline void add_up(const Block& block, double (&sums)[kSums][kBlockThreads]) {
  join_threads(block, [&](int i, int j) {
    for (int s = 0; s < kSums; ++s) sums[s][i] += sums[s][j];
  });
}

}  // namespace mint::perception
