#include "perception/entropy_regions.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "perception/entropy_sorted.h"
#include "perception/vector_code.h"

namespace mint::perception {
namespace {

// is_flat[x] = 1 where every sample of the column is 255.
MINT_VECTOR_CLONES void find_flat_columns(const uint8_t* const* rows, int64_t count, int64_t n,
                                          uint8_t* is_flat) {
  std::memcpy(is_flat, rows[0], static_cast<size_t>(n));
  for (int64_t r = 1; r < count; ++r) {
    const uint8_t* row = rows[r];
    for (int64_t i = 0; i < n; ++i) is_flat[i] = is_flat[i] & row[i];
  }
  for (int64_t i = 0; i < n; ++i) is_flat[i] = is_flat[i] == 255 ? 1 : 0;
}

// Counts of the values in a window with the sum of c ln c / n kept up to date, in integers, so that
// it does not depend on the way it was reached.
class Histogram {
 public:
  explicit Histogram(const RegionEntropyView& table) : table_(table) { clear(); }

  void clear() {
    std::memset(counts_, 0, sizeof counts_);
    sum_ = 0;
    occupied_ = 0;
  }
  void add(uint8_t value) {
    const uint32_t c = counts_[value]++;
    occupied_ += c == 0;
    sum_ += table_.increments[c];
  }
  void remove(uint8_t value) {
    const uint32_t c = --counts_[value];
    occupied_ -= c == 0;
    sum_ -= table_.increments[c];
  }
  float entropy() const { return region_entropy_value(table_, sum_, occupied_); }

 private:
  RegionEntropyView table_;
  uint32_t counts_[256];
  int64_t sum_ = 0;
  int64_t occupied_ = 0;
};

// A window slides along the row; where all of it is 255, which is most of a drawn scene, there is
// nothing to count.
void slide_along(const std::vector<const uint8_t*>& rows, const std::vector<uint8_t>& is_flat,
                 int64_t width, int64_t region, const RegionEntropyTable& table, float* entropy) {
  const int64_t radius = region / 2;
  Histogram histogram(table.view());
  for (int64_t i = 0; i < table.samples(); ++i) histogram.add(255);
  const float of_flat = histogram.entropy();
  bool is_counted = false;  // the histogram holds the window of the previous pixel
  int64_t busy = 0;         // columns of the window that are not flat
  for (int64_t x = 0; x < std::min(2 * radius, width); ++x) {
    busy += !is_flat[static_cast<size_t>(x)];
  }
  for (int64_t x = radius; x < width - radius; ++x) {
    busy += !is_flat[static_cast<size_t>(x + radius)];
    if (busy == 0) {
      entropy[x] = of_flat;
      is_counted = false;
    } else {
      if (is_counted) {
        for (const uint8_t* samples : rows) {
          histogram.remove(samples[x - radius - 1]);
          histogram.add(samples[x + radius]);
        }
      } else {
        histogram.clear();
        for (const uint8_t* samples : rows) {
          for (int64_t i = x - radius; i <= x + radius; ++i) histogram.add(samples[i]);
        }
        is_counted = true;
      }
      entropy[x] = histogram.entropy();
    }
    busy -= !is_flat[static_cast<size_t>(x - radius)];
  }
}

}  // namespace

RegionEntropyTable::RegionEntropyTable(int64_t samples)
    : unit_(samples == kSortedSamples ? kSortedUnit : 0x1p-40) {
  const auto c_ln_c = [&](int64_t c) -> int64_t {
    if (c == 0) return 0;
    if (samples == kSortedSamples) return sorted_c_ln_c(c);
    const double count = static_cast<double>(c);
    return std::llround(count * std::log(count) / static_cast<double>(samples) / unit_);
  };
  for (int64_t c = 0; c < samples; ++c) increments_.push_back(c_ln_c(c + 1) - c_ln_c(c));
  whole_ = c_ln_c(samples);  // n ln n / n
  per_bin_ = std::llround(1e-8 / unit_);
}

void region_entropies(const uint8_t* division, int64_t channels, int64_t grid_height,
                      int64_t grid_width, int64_t region, const RegionEntropyTable& table,
                      float* entropy) {
  const SortedRegionEntropies sorted = sorted_variants()->run;
  if (sorted && channels == 3 && region == 3) {
    static const SortedEntropyTable sorted_table;
    sorted(division, grid_height, grid_width, sorted_table, entropy);
  } else {
    sliding_region_entropies(division, channels, grid_height, grid_width, region, table, entropy);
  }
}

void sliding_region_entropies(const uint8_t* division, int64_t channels, int64_t grid_height,
                              int64_t grid_width, int64_t region, const RegionEntropyTable& table,
                              float* entropy) {
  const int64_t radius = region / 2, pixels = grid_height * grid_width;
  std::fill(entropy, entropy + pixels, 0.0f);
  std::vector<uint8_t> is_flat(static_cast<size_t>(grid_width));
  std::vector<const uint8_t*> rows;
  for (int64_t y = radius; y < grid_height - radius; ++y) {
    rows.clear();
    for (int64_t c = 0; c < channels; ++c) {
      for (int64_t r = -radius; r <= radius; ++r) {
        rows.push_back(division + c * pixels + (y + r) * grid_width);
      }
    }
    find_flat_columns(rows.data(), static_cast<int64_t>(rows.size()), grid_width, is_flat.data());
    slide_along(rows, is_flat, grid_width, region, table, entropy + y * grid_width);
  }
}

}  // namespace mint::perception
