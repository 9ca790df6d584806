// The kernel histogram and its derivative for one value at a time (spec 5.5, 5.7; paper Eq. 7-12),
// the same functions on CPU and CUDA. Samples and bins are on the scale 0..255, the bin size
// L = 1/256 as in the reference.
//
// With the density q_b of a pixel summed over its channels, p_b of a region is the sum of q_b over
// its pixels times the normalisation, and a pixel's gradient needs the sum over the regions that
// contain it: two window sums per bin, so every kernel is evaluated once per sample, not once per
// region.
#pragma once

#include <cmath>

#include "perception/entropy_arithmetic.h"

namespace mint::perception {

constexpr int64_t kKdeBins = 256;

// Images [C, H, W] and their regions.
struct KdeShape {
  int64_t channels, height, width;
  int64_t region;  // R, odd
};

template <typename T>
MINT_HOST_DEVICE inline T kde_sigmoid(T z) {
  const T e = std::exp(z >= 0 ? -z : z);
  return (z >= 0 ? T(1) : e) / (1 + e);
}

// k(d). Symmetric in d; on the negative side the difference of two sigmoids near 1 loses no digits.
template <typename T>
MINT_HOST_DEVICE inline T kde_kernel(T d, T bandwidth) {
  const T half = T(1) / 512, left = d < 0 ? d : -d;
  return kde_sigmoid((left + half) / bandwidth) - kde_sigmoid((left - half) / bandwidth);
}

// k'(d).
template <typename T>
MINT_HOST_DEVICE inline T kde_slope(T d, T bandwidth) {
  const T half = T(1) / 512, high = (d + half) / bandwidth, low = (d - half) / bandwidth;
  return (kde_sigmoid(high) * kde_sigmoid(-high) - kde_sigmoid(low) * kde_sigmoid(-low)) /
         bandwidth;
}

// What a bin adds to the entropy, and the derivative of that (phi).
template <typename T>
MINT_HOST_DEVICE inline T kde_term(T p) {
  return -p * std::log(p + T(1e-8));
}
template <typename T>
MINT_HOST_DEVICE inline T kde_term_slope(T p) {
  return -(std::log(p + T(1e-8)) + p / (p + T(1e-8)));
}

// 1 / (n k(0)) for n samples.
template <typename T>
MINT_HOST_DEVICE inline T kde_scale(int64_t samples, T bandwidth) {
  return 1 / (static_cast<T>(samples) * kde_kernel(T(0), bandwidth));
}

// q_b of the pixel with flat index i.
template <typename T>
MINT_HOST_DEVICE inline T kde_density(const T* image, const KdeShape& shape, int64_t i, int64_t bin,
                                      T bandwidth) {
  T density = 0;
  for (int64_t c = 0; c < shape.channels; ++c) {
    const T v = image[c * shape.height * shape.width + i];
    density += kde_kernel(v - static_cast<T>(bin), bandwidth);
  }
  return density;
}

MINT_HOST_DEVICE inline bool has_region(const KdeShape& shape, int64_t y, int64_t x) {
  const int64_t radius = shape.region / 2;
  return y >= radius && x >= radius && y + radius < shape.height && x + radius < shape.width;
}

// Sum of plane [H, W] over the R x R pixels around (x, y) that exist.
template <typename T>
MINT_HOST_DEVICE inline T kde_window_sum(const T* plane, const KdeShape& shape, int64_t y,
                                         int64_t x) {
  const int64_t radius = shape.region / 2;
  const int64_t top = y < radius ? 0 : y - radius, left = x < radius ? 0 : x - radius;
  const int64_t bottom = y + radius < shape.height ? y + radius : shape.height - 1;
  const int64_t right = x + radius < shape.width ? x + radius : shape.width - 1;
  T sum = 0;
  for (int64_t r = top; r <= bottom; ++r) {
    for (int64_t c = left; c <= right; ++c) sum += plane[r * shape.width + c];
  }
  return sum;
}

// One bin's part of E(y, x); 0 on the ring.
template <typename T>
MINT_HOST_DEVICE inline T kde_entropy_of_bin(const T* density, const KdeShape& shape, T scale,
                                             int64_t y, int64_t x) {
  return has_region(shape, y, x) ? kde_term(scale * kde_window_sum(density, shape, y, x)) : T(0);
}

// dLoss/dq_b of every pixel of the region at (y, x), given dLoss/dE(y, x).
template <typename T>
MINT_HOST_DEVICE inline T kde_weight_of_bin(const T* density, const KdeShape& shape, T scale,
                                            T gradient, int64_t y, int64_t x) {
  if (!has_region(shape, y, x)) return 0;
  return gradient * scale * kde_term_slope(scale * kde_window_sum(density, shape, y, x));
}

// One bin's part of dLoss/dv of a sample v at (y, x).
template <typename T>
MINT_HOST_DEVICE inline T kde_gradient_of_bin(T v, const T* weight, const KdeShape& shape,
                                              int64_t bin, T bandwidth, int64_t y, int64_t x) {
  return kde_slope(v - static_cast<T>(bin), bandwidth) * kde_window_sum(weight, shape, y, x);
}

}  // namespace mint::perception
