// Function multiversioning and the one transcendental function that our kernels need in vector
// form.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "perception/host_device.h"

// A function compiled for AVX-512, AVX2 and the baseline; the loader picks one at start-up. Results
// may differ in the last bits between machines, never between runs on one. Not under the thread
// sanitizer, which is not there yet when the loader picks.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define MINT_VECTOR_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MINT_VECTOR_CLONES
#endif

namespace mint::perception {

// exp(x) for x <= 88, relative error below 2e-7; 0 below -87. Branch-free, so loops vectorise.
// The polynomial is that of the Cephes library.
MINT_HOST_DEVICE inline float vector_exp(float x) {
  const float clamped = x < -87.0f ? -87.0f : x;
  const float shifted = clamped * 1.44269504f + 12582912.0f;  // round to nearest, in the low bits
  const float k = shifted - 12582912.0f;
  const float r = (clamped - k * 0.693359375f) - k * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  uint32_t bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 23) + 0x3f800000u;  // 2^k
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return x < -87.0f ? 0.0f : p * power;
}

MINT_HOST_DEVICE inline double vector_exp(double x) {
  return std::exp(x);
}

}  // namespace mint::perception
