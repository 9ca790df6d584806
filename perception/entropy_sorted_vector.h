// The body of sorted_region_entropies for one kind of vector. The source that includes this has
// defined, in an unnamed namespace: `Bytes` (a vector of kLanes bytes), load, store, smaller,
// larger, add, subtract, all_ones_where_equal, both, is_255_everywhere and lookup; it is compiled
// for its instruction set, so nothing here may be shared with other sources.
#pragma once

#include <utility>

#include "perception/entropy_sorted.h"

#define MINT_INLINE inline __attribute__((always_inline))

namespace mint::perception {
namespace {

constexpr int kSamples = 27;
constexpr int kColumn = 9;        // samples of one column of a region: three rows, three channels
constexpr int64_t kChunk = 1024;  // pixels between two passes over the columns
constexpr int64_t kSortedStride = kChunk + 2 + kLanes;

// Compare-exchange operations (low, high) on wires, and the wires in the order of their values.
struct Network {
  int count = 0;
  int low[128] = {}, high[128] = {};
  int order[kSamples] = {};
};

// Batcher's odd-even merge of two sorted lists of wires.
constexpr void merge(Network& network, const int* a, int m, const int* b, int n, int* out) {
  if (m == 0 || n == 0) {
    for (int i = 0; i < m; ++i) out[i] = a[i];
    for (int i = 0; i < n; ++i) out[i] = b[i];
    return;
  }
  if (m == 1 && n == 1) {
    network.low[network.count] = a[0];
    network.high[network.count++] = b[0];
    out[0] = a[0];
    out[1] = b[0];
    return;
  }
  int a_half[2][kSamples] = {}, b_half[2][kSamples] = {}, half[2][kSamples] = {};
  for (int i = 0; i < m; ++i) a_half[i % 2][i / 2] = a[i];
  for (int i = 0; i < n; ++i) b_half[i % 2][i / 2] = b[i];
  const int size[2] = {(m + 1) / 2 + (n + 1) / 2, m / 2 + n / 2};
  for (int k : {0, 1}) {
    const int m_half = (m + 1 - k) / 2, n_half = (n + 1 - k) / 2;
    merge(network, a_half[k], m_half, b_half[k], n_half, half[k]);
  }
  int filled = 0;
  out[filled++] = half[0][0];
  for (int i = 0; i + 1 < size[0] || i < size[1]; ++i) {
    const bool has_low = i + 1 < size[0], has_high = i < size[1];
    if (has_low && has_high) {
      network.low[network.count] = half[0][i + 1];
      network.high[network.count++] = half[1][i];
    }
    if (has_low) out[filled++] = half[0][i + 1];
    if (has_high) out[filled++] = half[1][i];
  }
}

// Merges sorted lists of `part` wires each, one after the other.
constexpr void merge_parts(Network& network, const int* wires, int part, int parts) {
  int sorted[kSamples] = {};
  for (int i = 0; i < part; ++i) sorted[i] = wires[i];
  for (int p = 1; p < parts; ++p) {
    int merged[kSamples] = {};
    merge(network, sorted, p * part, wires + p * part, part, merged);
    for (int i = 0; i < (p + 1) * part; ++i) sorted[i] = merged[i];
  }
  for (int i = 0; i < parts * part; ++i) network.order[i] = sorted[i];
}

constexpr Network column_network() {
  Network network;
  int wires[kColumn] = {};
  for (int row = 0; row < 3; ++row) {
    const int first = 3 * row, a[1] = {first}, b[1] = {first + 1}, c[1] = {first + 2};
    int pair[2] = {}, triple[3] = {};
    merge(network, a, 1, b, 1, pair);
    merge(network, pair, 2, c, 1, triple);
    for (int i = 0; i < 3; ++i) wires[first + i] = triple[i];
  }
  merge_parts(network, wires, 3, 3);
  return network;
}

constexpr Network region_network() {
  Network network;
  int wires[kSamples] = {};
  for (int i = 0; i < kSamples; ++i) wires[i] = i;
  merge_parts(network, wires, kColumn, 3);
  return network;
}

constexpr Network kColumnNetwork = column_network();
constexpr Network kRegionNetwork = region_network();

MINT_INLINE void exchange(Bytes& low, Bytes& high) {
  const Bytes a = low;
  low = smaller(a, high);
  high = larger(a, high);
}

template <int... I>
MINT_INLINE void sort_column(Bytes* v, std::integer_sequence<int, I...>) {
  (exchange(v[kColumnNetwork.low[I]], v[kColumnNetwork.high[I]]), ...);
}

template <int... I>
MINT_INLINE void merge_columns(Bytes* v, std::integer_sequence<int, I...>) {
  (exchange(v[kRegionNetwork.low[I]], v[kRegionNetwork.high[I]]), ...);
}

struct Sums {
  Bytes twos, threes, hashes, repeats;  // repeats: samples equal to the one before
  Bytes run;
};

// Sample I of the sorted list; a run that reaches it is at most I long so far.
template <int I>
MINT_INLINE void count(const Bytes* v, const Lookups& lookups, Sums& sums) {
  const Bytes equal =
      all_ones_where_equal(v[kRegionNetwork.order[I]], v[kRegionNetwork.order[I - 1]]);
  sums.run = both(subtract(sums.run, all_ones()), equal);
  sums.repeats = subtract(sums.repeats, equal);
  lookups.add<(I >= 16)>(sums.run, sums.twos, sums.threes, sums.hashes);
}

template <int... I>
MINT_INLINE void count_all(const Bytes* v, const Lookups& lookups, Sums& sums,
                           std::integer_sequence<int, I...>) {
  (count<I + 1>(v, lookups, sums), ...);
}

// Sorts the samples of `n` columns from flat index `first` of the image.
void sort_columns(const uint8_t* division, int64_t pixels, int64_t width, int64_t first, int64_t n,
                  uint8_t* sorted) {
  for (int64_t i = 0; i < n; i += kLanes) {
    Bytes v[kColumn];
    for (int k = 0; k < kColumn; ++k) {
      v[k] = load(division + (k % 3) * pixels + first + i + (k / 3 - 1) * width);
    }
    sort_column(v, std::make_integer_sequence<int, kColumnNetwork.count>());
    for (int k = 0; k < kColumn; ++k)
      store(sorted + k * kSortedStride + i, v[kColumnNetwork.order[k]]);
  }
}

// kLanes pixels; `sorted` points at the column left of the first.
void entropies_of_block(const uint8_t* sorted, const SortedEntropyTable& table,
                        const Lookups& lookups, float* entropy) {
  const Bytes smallest = smaller(smaller(load(sorted), load(sorted + 1)), load(sorted + 2));
  if (is_255_everywhere(smallest)) {  // most of a drawn scene
    const float value = static_cast<float>(-table.per_bin * kSortedUnit);
    for (int64_t i = 0; i < kLanes; ++i) entropy[i] = value;
    return;
  }
  Bytes v[kSamples];
  for (int k = 0; k < kSamples; ++k) {
    v[k] = load(sorted + (k % kColumn) * kSortedStride + k / kColumn);
  }
  merge_columns(v, std::make_integer_sequence<int, kRegionNetwork.count>());
  Sums sums = {zero(), zero(), zero(), zero(), zero()};
  count_all(v, lookups, sums, std::make_integer_sequence<int, kSamples - 1>());
  alignas(64) uint8_t twos[kLanes], threes[kLanes], hashes[kLanes], repeats[kLanes];
  store(twos, sums.twos);
  store(threes, sums.threes);
  store(hashes, sums.hashes);
  store(repeats, sums.repeats);
  const auto unit = static_cast<float>(kSortedUnit);  // a power of two: no rounding
  for (int64_t i = 0; i < kLanes; ++i) {
    const int32_t value = table.of_hash[hashes[i]] - table.two * twos[i] - table.three * threes[i] -
                          table.per_bin * (kSamples - repeats[i]);
    entropy[i] = static_cast<float>(value) * unit;
  }
}

// Pixels are taken as one long row; the ring, where that is wrong, is cleared afterwards.
void run_sorted(const uint8_t* division, int64_t grid_height, int64_t grid_width,
                const SortedEntropyTable& table, float* entropy) {
  const int64_t pixels = grid_height * grid_width;
  for (int64_t i = 0; i < pixels && (grid_height < 3 || grid_width < 3); ++i) entropy[i] = 0;
  if (grid_height < 3 || grid_width < 3) return;
  const Lookups lookups(table);
  alignas(64) uint8_t sorted[kColumn * kSortedStride];
  const int64_t end = pixels - grid_width - 1;
  for (int64_t first = grid_width + 1; first < end; first += kChunk) {
    const int64_t n = end - first < kChunk ? end - first : kChunk;
    sort_columns(division, pixels, grid_width, first - 1, n + 2, sorted);
    for (int64_t i = 0; i < n; i += kLanes) {
      if (i + kLanes <= n) {
        entropies_of_block(sorted + i, table, lookups, entropy + first + i);
      } else {
        float last[kLanes];
        entropies_of_block(sorted + i, table, lookups, last);
        for (int64_t k = 0; i + k < n; ++k) entropy[first + i + k] = last[k];
      }
    }
  }
  for (int64_t x = 0; x < grid_width; ++x) entropy[x] = entropy[pixels - 1 - x] = 0;
  for (int64_t y = 1; y < grid_height; ++y)
    entropy[y * grid_width] = entropy[y * grid_width - 1] = 0;
}

}  // namespace
}  // namespace mint::perception
