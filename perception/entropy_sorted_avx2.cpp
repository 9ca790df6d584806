// Compiled with -mavx2; sorted_variants() says whether it may be called.
#include "perception/entropy_sorted.h"

#if defined(__AVX2__)
#include <immintrin.h>

namespace mint::perception {
namespace {

using Bytes = __m256i;
constexpr int64_t kLanes = 32;

inline Bytes load(const uint8_t* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}
inline void store(uint8_t* to, Bytes v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), v);
}
inline Bytes zero() {
  return _mm256_setzero_si256();
}
inline Bytes all_ones() {
  return _mm256_set1_epi8(-1);
}
inline Bytes smaller(Bytes a, Bytes b) {
  return _mm256_min_epu8(a, b);
}
inline Bytes larger(Bytes a, Bytes b) {
  return _mm256_max_epu8(a, b);
}
inline Bytes subtract(Bytes a, Bytes b) {
  return _mm256_sub_epi8(a, b);
}
inline Bytes both(Bytes a, Bytes b) {
  return _mm256_and_si256(a, b);
}
inline Bytes all_ones_where_equal(Bytes a, Bytes b) {
  return _mm256_cmpeq_epi8(a, b);
}
inline bool is_255_everywhere(Bytes v) {
  return _mm256_movemask_epi8(all_ones_where_equal(v, all_ones())) == -1;
}

// The increments by length of run, in halves of 16: a byte shuffle looks at the low four bits and
// gives 0 where the highest bit is set.
struct Lookups {
  struct Halves {
    explicit Halves(const uint8_t* table) : low(half(table)), high(half(table + 16)) {}
    static Bytes half(const uint8_t* from) {
      return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
    }
    Bytes low, high;
  };

  explicit Lookups(const SortedEntropyTable& table)
      : twos(table.twos), threes(table.threes), hashes(table.hashes) {}

  template <bool MayBeLong>
  void add(Bytes run, Bytes& twos_sum, Bytes& threes_sum, Bytes& hashes_sum) const {
    // A run below 16 keeps its low bits, a longer one gets the highest bit; and the other way.
    const Bytes in_low = MayBeLong ? _mm256_add_epi8(run, _mm256_set1_epi8(0x70)) : run;
    const Bytes in_high = _mm256_sub_epi8(run, _mm256_set1_epi8(16));
    const auto increment = [&](const Halves& halves) {
      const Bytes low = _mm256_shuffle_epi8(halves.low, in_low);
      return MayBeLong ? _mm256_or_si256(low, _mm256_shuffle_epi8(halves.high, in_high)) : low;
    };
    twos_sum = _mm256_add_epi8(twos_sum, increment(twos));
    threes_sum = _mm256_add_epi8(threes_sum, increment(threes));
    hashes_sum = _mm256_add_epi8(hashes_sum, increment(hashes));
  }

  Halves twos, threes, hashes;
};

}  // namespace
}  // namespace mint::perception

#include "perception/entropy_sorted_vector.h"

namespace mint::perception {

void sorted_region_entropies_avx2(const uint8_t* division, int64_t grid_height, int64_t grid_width,
                                  const SortedEntropyTable& table, float* entropy) {
  run_sorted(division, grid_height, grid_width, table, entropy);
}

}  // namespace mint::perception
#endif
