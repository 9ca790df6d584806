// The arithmetic of batch normalisation behind a LeakyReLU, z = leaky(x), y = scale z + shift:
// doubles of one channel, no torch, the same functions on CPU and CUDA. The passes over pixels are
// in perception/leaky_batch_norm_kernels.h and perception/norm_blocks.h.
#pragma once

#include "perception/host_device.h"

namespace mint::perception {

// Where scale and shift come from, and they themselves.
struct ChannelNorm {
  double mean = 0, inverse_std = 1;
  double scale = 1, shift = 0;
};

// Two sums over a channel: of z and its square, each from an origin, or of dy and dy z.
struct ChannelSums {
  double first = 0, second = 0;
};

// Mean and variance of some values, and how many there were.
struct Moments {
  double count = 0, mean = 0;
  double deviation = 0;  // sum of squared differences from the mean

  MINT_HOST_DEVICE double variance() const { return count > 0 ? deviation / count : 0; }
};

// Of n values whose sums of v - origin and (v - origin)^2 are `sums`.
MINT_HOST_DEVICE inline Moments moments_of(const ChannelSums& sums, double origin, double n) {
  const double offset = sums.first / n, deviation = sums.second - sums.first * offset;
  return {n, origin + offset, deviation > 0 ? deviation : 0.0};
}

// Of the values of both.
MINT_HOST_DEVICE inline Moments joined(const Moments& a, const Moments& b) {
  const double count = a.count + b.count;
  if (count == 0) return {};
  const double difference = b.mean - a.mean;
  return {count, a.mean + difference * b.count / count,
          a.deviation + b.deviation + difference * difference * a.count * b.count / count};
}

// Gradients of weight and bias, and a and b of dx = leaky' scale (dy - a - b z).
struct NormGradient {
  double weight, bias;
  double a, b;
};

// From the sums of dy and dy z over a channel of `count` values. Without batch statistics a and b
// are zero.
MINT_HOST_DEVICE inline NormGradient norm_gradient(const ChannelNorm& norm, const ChannelSums& sums,
                                                   double count, bool uses_batch_statistics) {
  const double weight = norm.inverse_std * (sums.second - norm.mean * sums.first);
  if (!uses_batch_statistics) return {weight, sums.first, 0, 0};
  const double b = norm.inverse_std * weight / count;
  return {weight, sums.first, sums.first / count - b * norm.mean, b};
}

}  // namespace mint::perception
