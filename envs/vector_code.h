// Function multiversioning: vector code chosen at run time, so that a build runs anywhere.
#pragma once

// A function compiled for AVX-512, AVX2 and the baseline, with all that is inlined into it; the
// loader picks one at start-up. Without contraction (-ffp-contract=off) the results are the same.
// Not under the thread sanitizer, which is not there yet when the loader picks.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define MINT_VECTOR_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MINT_VECTOR_CLONES
#endif
