// The arithmetic of batch normalisation behind a LeakyReLU, z = leaky(x), y = scale z + shift:
// doubles of one channel, no torch. The passes over pixels are in
// perception/leaky_batch_norm_kernels.h.
#pragma once

#include <cstdint>
#include <vector>

#include "perception/leaky_batch_norm_kernels.h"

namespace mint::perception {

// Where scale and shift come from, and they themselves.
struct ChannelNorm {
  double mean = 0, inverse_std = 1;
  double scale = 1, shift = 0;
};

// Mean and variance of some values, and how many there were.
struct Moments {
  double count = 0, mean = 0;
  double deviation = 0;  // sum of squared differences from the mean

  double variance() const { return count > 0 ? deviation / count : 0; }
};

// Of n values whose sums of v - origin and (v - origin)^2 are `sums`.
Moments moments_of(const ChannelSums& sums, double origin, double n);

// Of the values of both.
Moments joined(const Moments& a, const Moments& b);

// Gradients of weight and bias, and a and b of dx = leaky' scale (dy - a - b z), from the sums of
// dy and dy z over a channel of `count` values. Without batch statistics a and b are zero.
struct NormGradient {
  NormGradient(const ChannelNorm& norm, const ChannelSums& sums, double count,
               bool uses_batch_statistics);

  double weight, bias;
  double a = 0, b = 0;
};

}  // namespace mint::perception
