#include "perception/stream_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define MINT_HAS_X86_VECTORS 1
#endif

namespace mint::perception {
namespace {

// Positions of a correlation between stores of its sums: what the nearest cache holds.
constexpr int64_t kLargestChunk = 1280;

// Cuts `positions` into equal chunks.
constexpr int64_t even_chunk(int64_t positions) {
  const int64_t chunks = (positions + kLargestChunk - 1) / kLargestChunk;
  const int64_t lanes = positions / kStreamLanes;
  return chunks > 0 ? (lanes + chunks - 1) / chunks * kStreamLanes : kStreamLanes;
}

namespace portable {

constexpr int kWidth = 4, kVectors = 2, kShifts = 1;
struct Lanes {
  float at[kWidth];
};
inline Lanes load(const float* x) {
  return {{x[0], x[1], x[2], x[3]}};
}
inline void store(float* x, const Lanes& v) {
  for (int i = 0; i < kWidth; ++i) x[i] = v.at[i];
}
inline Lanes broadcast(float x) {
  return {{x, x, x, x}};
}
inline Lanes multiply_add(const Lanes& a, const Lanes& b, const Lanes& c) {
  Lanes sum;
  for (int i = 0; i < kWidth; ++i) sum.at[i] = a.at[i] * b.at[i] + c.at[i];
  return sum;
}
#include "perception/stream_kernels.inc"

}  // namespace portable

#ifdef MINT_HAS_X86_VECTORS

#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {

constexpr int kWidth = 8, kVectors = 2, kShifts = 2;
using Lanes = __m256;
inline Lanes load(const float* x) {
  return _mm256_loadu_ps(x);
}
inline void store(float* x, Lanes v) {
  _mm256_storeu_ps(x, v);
}
inline Lanes broadcast(float x) {
  return _mm256_set1_ps(x);
}
inline Lanes multiply_add(Lanes a, Lanes b, Lanes c) {
  return _mm256_fmadd_ps(a, b, c);
}
#include "perception/stream_kernels.inc"

}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f")
namespace avx512 {

constexpr int kWidth = 16, kVectors = 4, kShifts = 5;
using Lanes = __m512;
inline Lanes load(const float* x) {
  return _mm512_loadu_ps(x);
}
inline void store(float* x, Lanes v) {
  _mm512_storeu_ps(x, v);
}
inline Lanes broadcast(float x) {
  return _mm512_set1_ps(x);
}
inline Lanes multiply_add(Lanes a, Lanes b, Lanes c) {
  return _mm512_fmadd_ps(a, b, c);
}
#include "perception/stream_kernels.inc"

}  // namespace avx512
#pragma GCC pop_options

#endif

constexpr StreamKernels kPortableKernels{portable::multiply, portable::correlate};
#ifdef MINT_HAS_X86_VECTORS
constexpr StreamKernels kAvx2Kernels{avx2::multiply, avx2::correlate};
constexpr StreamKernels kAvx512Kernels{avx512::multiply, avx512::correlate};
#endif

}  // namespace

VectorLevel best_vector_level() {
#ifdef MINT_HAS_X86_VECTORS
  if (__builtin_cpu_supports("avx512f")) return VectorLevel::kAvx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return VectorLevel::kAvx2;
#endif
  return VectorLevel::kPortable;
}

const StreamKernels& stream_kernels(VectorLevel level) {
#ifdef MINT_HAS_X86_VECTORS
  if (level == VectorLevel::kAvx512) return kAvx512Kernels;
  if (level == VectorLevel::kAvx2) return kAvx2Kernels;
#endif
  (void)level;
  return kPortableKernels;
}

}  // namespace mint::perception
