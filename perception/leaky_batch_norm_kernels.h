// Passes over one channel of one image behind LeakyReLU + batch normalisation: raw pointers, no
// torch, float or double. z = leaky(x) = x > 0 ? x : slope * x throughout.
#pragma once

#include <cstdint>

#include "perception/channel_norm.h"

namespace mint::perception {

// Sums of z - origin and its square. A variance is a difference of such sums, so an origin near the
// mean keeps its digits.
template <typename T>
ChannelSums leaky_sums(const T* x, int64_t n, T slope, T origin);

// y = scale z + shift.
template <typename T>
void leaky_affine(const T* x, int64_t n, T slope, T scale, T shift, T* y);

// Sums of dy and dy z.
template <typename T>
ChannelSums leaky_gradient_sums(const T* x, const T* dy, int64_t n, T slope);

// dx = leaky'(x) * scale * (dy - a - b z); a and b carry the gradient through the statistics.
template <typename T>
void leaky_gradient(const T* x, const T* dy, int64_t n, T slope, T scale, T a, T b, T* dx);

}  // namespace mint::perception
