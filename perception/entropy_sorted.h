// The fast way to the entropy of 3 x 3 regions of three channels: the 27 samples of 32 or 64 pixels
// at a time are sorted by networks of byte minima and maxima, and the lengths of runs looked up
// (spec mint_performance 1). The same bits as sliding_region_entropies.
#pragma once

#include <cstdint>

namespace mint::perception {

// The step from a run of r to r + 1 equal samples, r < 27, changes c ln c of the run by exponents
// of primes: those of 2 and 3 are added up in a byte each, those of 5 .. 23 are hashed into one.
struct SortedEntropyTable {
  SortedEntropyTable();

  alignas(64) uint8_t twos[64];  // by r; zeros behind 26
  alignas(64) uint8_t threes[64];
  alignas(64) uint8_t hashes[64];
  int32_t of_hash[256];  // ln 27 - the part of 5 .. 23, as a multiple of kSortedUnit
  int32_t two, three;    // ln 2 / 27, ln 3 / 27
  int32_t per_bin;       // 1e-8
};

constexpr double kSortedUnit = 0x1p-29;

// c = 1 .. 27 -> c ln c / 27 as a multiple of kSortedUnit, from the rounded logarithms of primes.
int64_t sorted_c_ln_c(int64_t c);

constexpr int64_t kSortedSamples = 27;

// division [3, HH, WW] and kDivisionPadding bytes -> entropy [HH, WW], 0 on the ring.
using SortedRegionEntropies = void (*)(const uint8_t* division, int64_t grid_height,
                                       int64_t grid_width, const SortedEntropyTable& table,
                                       float* entropy);
void sorted_region_entropies_avx2(const uint8_t* division, int64_t grid_height, int64_t grid_width,
                                  const SortedEntropyTable& table, float* entropy);
void sorted_region_entropies_avx512(const uint8_t* division, int64_t grid_height,
                                    int64_t grid_width, const SortedEntropyTable& table,
                                    float* entropy);

struct SortedVariant {
  const char* name;  // "AVX2"
  SortedRegionEntropies run;
};

// Those that this processor can run, the fastest first; ends with a null pointer.
const SortedVariant* sorted_variants();

}  // namespace mint::perception
