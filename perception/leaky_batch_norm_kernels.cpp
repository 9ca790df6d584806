#include "perception/leaky_batch_norm_kernels.h"

#include <algorithm>

#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kLanes = 32;
constexpr int64_t kChunk = 64 * kLanes;  // summed in T before it goes into a double

// Adds the sums of f(i) and s(i) over n values; `value` writes both for one index.
template <typename T, typename Value>
inline __attribute__((always_inline)) void add_sums(int64_t n, Value value, ChannelSums& sums) {
  T first[kLanes] = {}, second[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) value(i + l, first[l], second[l]);
  }
  for (int64_t l = 0; i < n; ++i, ++l) value(i, first[l], second[l]);
  for (int64_t l = 0; l < kLanes; ++l) {
    sums.first += first[l];
    sums.second += second[l];
  }
}

}  // namespace

template <typename T>
MINT_VECTOR_CLONES ChannelSums leaky_sums(const T* x, int64_t n, T slope, T origin) {
  ChannelSums sums;
  for (int64_t start = 0; start < n; start += kChunk) {
    const T* from = x + start;
    add_sums<T>(
        std::min(kChunk, n - start),
        [=](int64_t i, T& first, T& second) {
          const T z = (from[i] > T(0) ? from[i] : slope * from[i]) - origin;
          first += z;
          second += z * z;
        },
        sums);
  }
  return sums;
}

template <typename T>
MINT_VECTOR_CLONES void leaky_affine(const T* x, int64_t n, T slope, T scale, T shift, T* y) {
  for (int64_t i = 0; i < n; ++i) {
    const T z = x[i] > T(0) ? x[i] : slope * x[i];
    y[i] = scale * z + shift;
  }
}

template <typename T>
MINT_VECTOR_CLONES ChannelSums leaky_gradient_sums(const T* x, const T* dy, int64_t n, T slope) {
  ChannelSums sums;
  for (int64_t start = 0; start < n; start += kChunk) {
    const T *from = x + start, *by = dy + start;
    add_sums<T>(
        std::min(kChunk, n - start),
        [=](int64_t i, T& first, T& second) {
          const T z = from[i] > T(0) ? from[i] : slope * from[i];
          first += by[i];
          second += by[i] * z;
        },
        sums);
  }
  return sums;
}

template <typename T>
MINT_VECTOR_CLONES void leaky_gradient(const T* x, const T* dy, int64_t n, T slope, T scale, T a,
                                       T b, T* dx) {
  for (int64_t i = 0; i < n; ++i) {
    const T leak = x[i] > T(0) ? T(1) : slope;
    dx[i] = leak * scale * (dy[i] - a - b * (leak * x[i]));
  }
}

#define MINT_INSTANTIATE(T)                                                    \
  template ChannelSums leaky_sums<T>(const T*, int64_t, T, T);                 \
  template void leaky_affine<T>(const T*, int64_t, T, T, T, T*);               \
  template ChannelSums leaky_gradient_sums<T>(const T*, const T*, int64_t, T); \
  template void leaky_gradient<T>(const T*, const T*, int64_t, T, T, T, T, T*);
MINT_INSTANTIATE(float)
MINT_INSTANTIATE(double)
#undef MINT_INSTANTIATE

}  // namespace mint::perception
