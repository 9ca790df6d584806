// Entropy of the regions of a division image by counting (spec 5.6): exact for integers, in integer
// multiples of a fixed unit, so the way of counting does not show in the result.
#pragma once

#include <cstdint>
#include <vector>

#include "perception/entropy_arithmetic.h"

namespace mint::perception {

// Bytes behind a division image that must be readable; what they hold does not matter.
constexpr int64_t kDivisionPadding = 128;

// Tables for n samples. For n = 27 every logarithm is put together from those of the primes, each
// rounded once, which lets sorted_region_entropies count exponents of primes.
class RegionEntropyTable {
 public:
  // REQUIRES: samples >= 1
  explicit RegionEntropyTable(int64_t samples);

  RegionEntropyView view() const { return {increments_.data(), whole_, per_bin_, unit_}; }
  int64_t samples() const { return static_cast<int64_t>(increments_.size()); }

 private:
  std::vector<int64_t> increments_;
  int64_t whole_, per_bin_;
  double unit_;
};

// division [C, HH, WW] and kDivisionPadding bytes -> entropy [HH, WW], -1e-8 .. ln(C R^2), within
// 1e-6 of the kernel histogram in double precision; 0 on a ring of (R-1)/2 pixels.
// REQUIRES: region odd, table made for C R^2 samples.
void region_entropies(const uint8_t* division, int64_t channels, int64_t grid_height,
                      int64_t grid_width, int64_t region, const RegionEntropyTable& table,
                      float* entropy);

// The same by a histogram that slides along every row: any region and number of channels.
void sliding_region_entropies(const uint8_t* division, int64_t channels, int64_t grid_height,
                              int64_t grid_width, int64_t region, const RegionEntropyTable& table,
                              float* entropy);

}  // namespace mint::perception
