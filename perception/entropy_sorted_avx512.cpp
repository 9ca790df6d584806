// Compiled with -mavx512bw -mavx512vbmi; sorted_variants() says whether it may be called.
#include "perception/entropy_sorted.h"

#if defined(__AVX512VBMI__) && defined(__AVX512BW__)
#include <immintrin.h>

namespace mint::perception {
namespace {

using Bytes = __m512i;
constexpr int64_t kLanes = 64;

inline Bytes load(const uint8_t* from) {
  return _mm512_loadu_si512(from);
}
inline void store(uint8_t* to, Bytes v) {
  _mm512_storeu_si512(to, v);
}
inline Bytes zero() {
  return _mm512_setzero_si512();
}
inline Bytes all_ones() {
  return _mm512_set1_epi8(-1);
}
inline Bytes smaller(Bytes a, Bytes b) {
  return _mm512_min_epu8(a, b);
}
inline Bytes larger(Bytes a, Bytes b) {
  return _mm512_max_epu8(a, b);
}
inline Bytes subtract(Bytes a, Bytes b) {
  return _mm512_sub_epi8(a, b);
}
inline Bytes both(Bytes a, Bytes b) {
  return _mm512_and_si512(a, b);
}
inline Bytes all_ones_where_equal(Bytes a, Bytes b) {
  return _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(a, b));
}
// The form without a mask warns of an uninitialised variable in the header of GCC 12.
inline Bytes looked_up(Bytes index, Bytes table) {
  return _mm512_maskz_permutexvar_epi8(~__mmask64{0}, index, table);
}
inline bool is_255_everywhere(Bytes v) {
  return _mm512_cmpneq_epi8_mask(v, all_ones()) == 0;
}

// The increments by length of run.
struct Lookups {
  explicit Lookups(const SortedEntropyTable& table)
      : twos(load(table.twos)), threes(load(table.threes)), hashes(load(table.hashes)) {}

  template <bool MayBeLong>
  void add(Bytes run, Bytes& twos_sum, Bytes& threes_sum, Bytes& hashes_sum) const {
    twos_sum = _mm512_add_epi8(twos_sum, looked_up(run, twos));
    threes_sum = _mm512_add_epi8(threes_sum, looked_up(run, threes));
    hashes_sum = _mm512_add_epi8(hashes_sum, looked_up(run, hashes));
  }

  Bytes twos, threes, hashes;
};

}  // namespace
}  // namespace mint::perception

#include "perception/entropy_sorted_vector.h"

namespace mint::perception {

void sorted_region_entropies_avx512(const uint8_t* division, int64_t grid_height,
                                    int64_t grid_width, const SortedEntropyTable& table,
                                    float* entropy) {
  run_sorted(division, grid_height, grid_width, table, entropy);
}

}  // namespace mint::perception
#endif
