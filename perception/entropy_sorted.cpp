#include "perception/entropy_sorted.h"

#include <cmath>

namespace mint::perception {
namespace {

constexpr int kPrimes = 9;
constexpr int64_t kPrime[kPrimes] = {2, 3, 5, 7, 11, 13, 17, 19, 23};

// Found by trial: no two of the 42 combinations of exponents of 5 .. 23 that 27 samples can have
// get the same sum modulo 256. The tests go through all of them.
constexpr int64_t kHash[kPrimes] = {0, 0, 68, 32, 130, 60, 253, 230, 241};

int64_t exponent(int64_t prime, int64_t c) {
  int64_t e = 0;
  for (; c % prime == 0; c /= prime) ++e;
  return e;
}

// ln p / 27; ln 27 / 27 is three times ln 3 / 27 to the last bit.
int64_t logarithm(int64_t prime) {
  const auto ln = std::log(static_cast<double>(prime));
  return std::llround(ln / static_cast<double>(kSortedSamples) / kSortedUnit);
}

struct Exponents {
  int64_t twos, threes, hash;
};

Exponents exponents_of(int64_t c) {
  Exponents result = {c * exponent(2, c), c * exponent(3, c), 0};
  for (int k = 2; k < kPrimes; ++k) result.hash += kHash[k] * c * exponent(kPrime[k], c);
  return result;
}

// Every way to split `left` samples into runs of at most `longest`.
void fill_of_hash(int64_t left, int64_t longest, int64_t hash, int64_t value, int32_t* of_hash) {
  of_hash[hash & 255] = static_cast<int32_t>(value);
  for (int64_t c = longest < left ? longest : left; c >= 5; --c) {
    const Exponents e = exponents_of(c);
    const int64_t rest = sorted_c_ln_c(c) - e.twos * logarithm(2) - e.threes * logarithm(3);
    fill_of_hash(left - c, c, hash + e.hash, value - rest, of_hash);
  }
}

}  // namespace

int64_t sorted_c_ln_c(int64_t c) {
  int64_t sum = 0;
  for (const int64_t prime : kPrime) sum += c * exponent(prime, c) * logarithm(prime);
  return sum;
}

SortedEntropyTable::SortedEntropyTable()
    : twos(),
      threes(),
      hashes(),
      of_hash(),
      two(static_cast<int32_t>(logarithm(2))),
      three(static_cast<int32_t>(logarithm(3))),
      per_bin(static_cast<int32_t>(std::llround(1e-8 / kSortedUnit))) {
  Exponents before = {0, 0, 0};
  for (int64_t r = 0; r < kSortedSamples; ++r) {
    const Exponents e = exponents_of(r + 1);
    twos[r] = static_cast<uint8_t>(e.twos - before.twos);
    threes[r] = static_cast<uint8_t>(e.threes - before.threes);
    hashes[r] = static_cast<uint8_t>(e.hash - before.hash);
    before = e;
  }
  fill_of_hash(kSortedSamples, kSortedSamples, 0, sorted_c_ln_c(kSortedSamples), of_hash);
}

const SortedVariant* sorted_variants() {
  static const auto* variants = [] {
    static SortedVariant found[3] = {};
#if defined(__x86_64__)
    int count = 0;
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi")) {
      found[count++] = {"AVX-512", sorted_region_entropies_avx512};
    }
    if (__builtin_cpu_supports("avx2")) found[count++] = {"AVX2", sorted_region_entropies_avx2};
#endif
    return found;
  }();
  return variants;
}

}  // namespace mint::perception
