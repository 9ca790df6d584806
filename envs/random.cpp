#include "envs/random.h"

#include <cmath>

namespace mint::envs {
namespace {

// SplitMix64: expands one word of seed into as many as needed.
uint64_t split_mix(uint64_t& x) {
  x += 0x9e3779b97f4a7c15u;
  uint64_t z = x;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

uint64_t rotate_left(uint64_t x, int bits) {
  return (x << bits) | (x >> (64 - bits));
}

}  // namespace

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = split_mix(seed);
}

// xoshiro256**
uint64_t Random::bits() {
  const uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

double Random::uniform(double low, double high) {
  return low + (high - low) * (static_cast<double>(bits() >> 11) * 0x1p-53);
}

int Random::below(int n) {
  return static_cast<int>((static_cast<unsigned __int128>(bits()) * n) >> 64);
}

double Random::normal() {  // Box-Muller, one of the pair
  const double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
  const double angle = uniform(0, 2 * M_PI);
  return radius * std::cos(angle);
}

uint64_t derive_seed(uint64_t seed, std::string_view name, uint64_t index) {
  uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a of the name
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  uint64_t x = seed;
  x = split_mix(x) ^ hash;
  x = split_mix(x) ^ index;
  return split_mix(x);
}

}  // namespace mint::envs
