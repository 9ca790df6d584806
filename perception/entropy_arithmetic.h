// The entropy layer's arithmetic for one value at a time (spec 5.1 - 5.6, 5.8). The loops of the
// CPU and the threads of CUDA run these same functions, all in integers up to the last step, so the
// images are the same bits on every machine and device.
//
// Preprocessing keeps numerators over the unit D = 4 HH WW. `Integer` is int32_t where
// fits_32_bits() says so, else int64_t.
#pragma once

#include <cstdint>

#include "perception/host_device.h"

namespace mint::perception {

constexpr float kRoundToInteger = 12582912.0f;  // adding it pushes the fraction out of the mantissa

// D = 4 HH WW, and whether the largest intermediate, 85 * 255 D when sharpening narrow images and
// 25 * 255 D when blurring wide ones, is below 2^31.
MINT_HOST_DEVICE inline int64_t resize_unit(int64_t grid_height, int64_t grid_width) {
  return 4 * grid_height * grid_width;
}
MINT_HOST_DEVICE inline bool fits_32_bits(int64_t unit, bool is_narrow) {
  return (is_narrow ? 85 : 25) * 255 * unit <= INT32_MAX;
}

// One output position of the bilinear resize along one axis: (low v[first] + high v[second]) over
// 2 n_out.
struct ResizeTap {
  int32_t first, second;
  int32_t low, high;
};

MINT_HOST_DEVICE inline ResizeTap resize_tap(int64_t i, int64_t in, int64_t out) {
  int64_t a = (2 * i + 1) * in - out;
  a = a < 0 ? 0 : a;
  const int64_t first = a / (2 * out), weight = a % (2 * out);
  const int64_t second = first + 1 < in ? first + 1 : in - 1;
  return {static_cast<int32_t>(first), static_cast<int32_t>(second),
          static_cast<int32_t>(2 * out - weight), static_cast<int32_t>(weight)};
}

// rnd(n / d), halves to even, for 0 <= n <= 255 d; `inverse` is 1 / d rounded. The estimate is less
// than 1e-4 off, so at most one off after rounding, and the remainder tells exactly.
template <typename Integer>
MINT_HOST_DEVICE inline int32_t rounded_quotient(Integer n, Integer d, float inverse) {
  const auto q = static_cast<int32_t>(static_cast<float>(n) * inverse + 0.5f);
  const Integer twice = 2 * (n - static_cast<Integer>(q) * d);
  const Integer odd = q & 1;  // a half goes up or down from an odd number only
  return q + (twice + odd > d ? 1 : 0) - (odd - twice > d ? 1 : 0);
}

template <typename Integer>
MINT_HOST_DEVICE inline Integer clamped(Integer x, Integer high) {
  x = x < 0 ? 0 : x;
  return x > high ? high : x;
}

// What a step divides by, and its inverse.
template <typename Integer>
struct Divisor {
  MINT_HOST_DEVICE explicit Divisor(Integer d) : value(d), inverse(1.0f / static_cast<float>(d)) {}
  Integer value;
  float inverse;
};

template <typename Integer>
MINT_HOST_DEVICE inline int32_t rounded_quotient(Integer n, const Divisor<Integer>& d) {
  return rounded_quotient(n, d.value, d.inverse);
}

// Sharpening of narrow images, inside the outermost ring: `by` is 13 D, `eight` the sum of the
// neighbours.
template <typename Integer>
MINT_HOST_DEVICE inline int32_t sharpened_value(Integer centre, Integer eight,
                                                const Divisor<Integer>& by) {
  return rounded_quotient(clamped<Integer>(85 * centre - 9 * eight, 255 * by.value), by);
}

// P of spec 5.3 from I and S: `by` is 4 times the unit of I.
template <typename Integer>
MINT_HOST_DEVICE inline int32_t sharp_value(Integer image, int32_t smooth, Integer unit,
                                            const Divisor<Integer>& by) {
  const Integer n = 10 * image - 5 * static_cast<Integer>(smooth) * unit;
  return rounded_quotient(clamped<Integer>(n, 255 * by.value), by);
}

// Q of spec 5.3. One float division: its error cannot move a quotient below 256 across a half.
MINT_HOST_DEVICE inline int32_t division_value(int32_t smooth, int32_t sharp) {
  const float numerator = 255.0f * static_cast<float>(sharp);
  const float denominator = static_cast<float>(smooth > 0 ? smooth : 1);
  float q = numerator / denominator;
  q = q < 255.0f ? q : 255.0f;
  const auto rounded = static_cast<int32_t>((q + kRoundToInteger) - kRoundToInteger);
  return smooth > 0 ? rounded : sharp > 0 ? 255 : 0;
}

// The entropy of n samples in integer multiples of `unit`: whole - sum over bins of
// (c ln c / n + 1e-8). increments[c] takes c ln c / n to c + 1.
struct RegionEntropyView {
  const int64_t* increments;  // [n]
  int64_t whole;              // ln n
  int64_t per_bin;            // 1e-8
  double unit;
};

MINT_HOST_DEVICE inline float region_entropy_value(const RegionEntropyView& table, int64_t sum,
                                                   int64_t occupied) {
  const int64_t entropy = table.whole - sum - table.per_bin * occupied;
  return static_cast<float>(static_cast<double>(entropy) * table.unit);
}

// The entropy of the region around (x, y) of `division` [C, HH, WW], 0 on the ring: every sample
// counts its equals among those before it. Quadratic in the samples, no memory: for one thread of a
// GPU.
MINT_HOST_DEVICE inline float region_entropy(const uint8_t* division, int64_t channels,
                                             int64_t grid_height, int64_t grid_width,
                                             int64_t region, int64_t y, int64_t x,
                                             const RegionEntropyView& table) {
  const int64_t radius = region / 2, pixels = grid_height * grid_width;
  if (y < radius || x < radius || y + radius >= grid_height || x + radius >= grid_width) return 0;
  const uint8_t* corner = division + (y - radius) * grid_width + (x - radius);
  int64_t sum = 0, occupied = 0;
  for (int64_t c = 0; c < channels; ++c) {
    for (int64_t r = 0; r < region; ++r) {
      for (int64_t i = 0; i < region; ++i) {
        const uint8_t value = corner[c * pixels + r * grid_width + i];
        int64_t before = 0;
        for (int64_t d = 0; d <= c; ++d) {
          const int64_t last_row = d < c ? region - 1 : r;
          for (int64_t s = 0; s <= last_row; ++s) {
            const int64_t end = d < c || s < r ? region : i;
            const uint8_t* row = corner + d * pixels + s * grid_width;
            for (int64_t j = 0; j < end; ++j) before += row[j] == value;
          }
        }
        sum += table.increments[before];
        occupied += before == 0;
      }
    }
  }
  return region_entropy_value(table, sum, occupied);
}

}  // namespace mint::perception
