#include "perception/leaky_batch_norm_kernels.h"

#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kLanes = 16;

ChannelSums fold(const double* first, const double* second) {
  ChannelSums sums;
  for (int64_t l = 0; l < kLanes; ++l) {
    sums.first += first[l];
    sums.second += second[l];
  }
  return sums;
}

}  // namespace

template <typename T>
MINT_VECTOR_CLONES ChannelSums leaky_sums(const T* x, int64_t n, T slope) {
  double first[kLanes] = {}, second[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) {
      const double z = x[i + l] > T(0) ? x[i + l] : slope * x[i + l];
      first[l] += z;
      second[l] += z * z;
    }
  }
  for (int64_t l = 0; i < n; ++i, ++l) {
    const double z = x[i] > T(0) ? x[i] : slope * x[i];
    first[l] += z;
    second[l] += z * z;
  }
  return fold(first, second);
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
  double first[kLanes] = {}, second[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) {
      const double z = x[i + l] > T(0) ? x[i + l] : slope * x[i + l];
      first[l] += dy[i + l];
      second[l] += dy[i + l] * z;
    }
  }
  for (int64_t l = 0; i < n; ++i, ++l) {
    const double z = x[i] > T(0) ? x[i] : slope * x[i];
    first[l] += dy[i];
    second[l] += dy[i] * z;
  }
  return fold(first, second);
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
  template ChannelSums leaky_sums<T>(const T*, int64_t, T);                    \
  template void leaky_affine<T>(const T*, int64_t, T, T, T, T*);               \
  template ChannelSums leaky_gradient_sums<T>(const T*, const T*, int64_t, T); \
  template void leaky_gradient<T>(const T*, const T*, int64_t, T, T, T, T, T*);
MINT_INSTANTIATE(float)
MINT_INSTANTIATE(double)
#undef MINT_INSTANTIATE

}  // namespace mint::perception
