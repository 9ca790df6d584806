// The soft-argmax of one feature map from its sums, forward and backward: no torch, float or
// double, the same functions on CPU and CUDA. The passes over pixels are in
// perception/soft_argmax_kernels.h and perception/keypoint_blocks.h.
#pragma once

#include <cmath>
#include <cstdint>

#include "perception/host_device.h"

namespace mint::perception {

// u = scale * leaky(x) + shift, where leaky(x) = x > 0 ? x : slope * x. The default is u = x.
template <typename T>
struct MapTransform {
  T slope = 1;
  T scale = 1;
  T shift = 0;
};

template <typename T>
MINT_HOST_DEVICE inline T leaky(T x, T slope) {
  return x > T(0) ? x : slope * x;
}

// u of z = leaky(x). It is compared with the maximum of u, so a GPU must not fuse it in one place
// and not in another.
template <typename T>
MINT_HOST_DEVICE inline T map_u(const MapTransform<T>& map, T z) {
#if defined(__CUDA_ARCH__)
  return fma(map.scale, z, map.shift);
#else
  return map.scale * z + map.shift;
#endif
}

// Sums over the pixels of one map, with e = exp(u - m), m = max(0, max_u) and z = leaky(x).
template <typename T>
struct MapMoments {
  T max_u = 0;                 // maximum of u
  T z_at_max = 0;              // z where u has its maximum
  T weight = 0;                // sum of exp(softplus(u) - m), with the reference's epsilon
  T x = 0, y = 0;              // the same sum of the pixels' coordinates
  T e = 0, ex = 0, ey = 0;     // sums of e and of e times the coordinates
  T ez = 0, ezx = 0, ezy = 0;  // the same times z
};

template <typename T>
struct MapOutput {
  T x = 0, y = 0;
  T activation = 0;  // softplus(max_u)
};

// Gradient of the loss with respect to one map's output.
template <typename T>
struct MapOutputGradient {
  T x = 0, y = 0;
  T activation = 0;
};

// Sums over the map of dL/du and of dL/du * z.
template <typename T>
struct MapGradientSums {
  T du = 0;
  T du_z = 0;
};

inline constexpr double kSoftmaxEpsilon = 1e-8;  // of the reference, times its largest weight

// The last six sums of MapMoments.
struct MapSums {
  double e = 0, ex = 0, ey = 0, ez = 0, ezx = 0, ezy = 0;
};

// The ones of 1 + exp(u): how many pixels have one, and the sums of their coordinates. Above u = 20
// there is none: softplus is linear there, which only double can tell.
struct MapOnes {
  double count, x, y;
};

template <typename T>
MINT_HOST_DEVICE inline bool leaves_out_ones(T max_u) {
  return sizeof(T) == sizeof(double) && max_u > T(20);
}

// m, which is taken out of every exponent.
template <typename T>
MINT_HOST_DEVICE inline T exponent_offset(T max_u) {
  return max_u > T(0) ? max_u : T(0);
}

template <typename T>
MINT_HOST_DEVICE inline MapMoments<T> moments_from_sums(T max_u, T z_at_max, const MapSums& sums,
                                                        const MapOnes& ones) {
  const T m = exponent_offset(max_u);
  MapMoments<T> moments;
  moments.max_u = max_u;
  moments.z_at_max = z_at_max;
  moments.e = static_cast<T>(sums.e);
  moments.ex = static_cast<T>(sums.ex);
  moments.ey = static_cast<T>(sums.ey);
  moments.ez = static_cast<T>(sums.ez);
  moments.ezx = static_cast<T>(sums.ezx);
  moments.ezy = static_cast<T>(sums.ezy);

  const double one = std::exp(-static_cast<double>(m));
  const double largest =
      (max_u > T(20) ? 0 : one) + std::exp(static_cast<double>(max_u) - static_cast<double>(m));
  moments.weight = static_cast<T>(ones.count * one + sums.e + kSoftmaxEpsilon * largest);
  moments.x = static_cast<T>(ones.x * one + sums.ex);
  moments.y = static_cast<T>(ones.y * one + sums.ey);
  return moments;
}

template <typename T>
MINT_HOST_DEVICE inline MapOutput<T> map_output(const MapMoments<T>& moments) {
  const T u = moments.max_u;
  return {moments.x / moments.weight, moments.y / moments.weight,
          u > T(20) ? u : std::log1p(std::exp(u))};
}

// dL/dmax_u through the activation, for all maxima together.
template <typename T>
MINT_HOST_DEVICE inline T activation_gradient(const MapMoments<T>& moments,
                                              const MapOutputGradient<T>& grad) {
  return grad.activation / (T(1) + std::exp(-moments.max_u));
}

// dL/dmax_u through epsilon, which the reference gives to the first maximum.
template <typename T>
MINT_HOST_DEVICE inline T epsilon_gradient(const MapMoments<T>& moments,
                                           const MapOutputGradient<T>& grad) {
  const T m = exponent_offset(moments.max_u);
  const T share = static_cast<T>(kSoftmaxEpsilon) * std::exp(moments.max_u - m) / moments.weight;
  const MapOutput<T> output = map_output(moments);
  return -share * (grad.x * output.x + grad.y * output.y);
}

// Whether pixels at the maximum have a gradient of their own. Float needs it only for the
// activation, whose gradient is nearly always zero in training.
template <typename T>
MINT_HOST_DEVICE inline bool has_gradient_at_maxima(T by_activation) {
  return sizeof(T) == sizeof(double) || by_activation != T(0);
}

// dL/du = exp(u - m) (by_x x_i + by_y y_i + constant) away from the maximum.
template <typename T>
struct MapSpread {
  T by_x, by_y, constant;
};

template <typename T>
MINT_HOST_DEVICE inline MapSpread<T> map_spread(const MapMoments<T>& moments,
                                                const MapOutputGradient<T>& grad) {
  const MapOutput<T> output = map_output(moments);
  return {grad.x / moments.weight, grad.y / moments.weight,
          -(grad.x * output.x + grad.y * output.y) / moments.weight};
}

// From the moments alone.
template <typename T>
MINT_HOST_DEVICE inline MapGradientSums<T> map_gradient_sums(const MapMoments<T>& moments,
                                                             const MapOutputGradient<T>& grad) {
  const MapOutput<T> output = map_output(moments);
  const T at_max = activation_gradient(moments, grad) + epsilon_gradient(moments, grad);
  MapGradientSums<T> sums;
  sums.du = (grad.x * (moments.ex - moments.e * output.x) +
             grad.y * (moments.ey - moments.e * output.y)) /
                moments.weight +
            at_max;
  sums.du_z = (grad.x * (moments.ezx - moments.ez * output.x) +
               grad.y * (moments.ezy - moments.ez * output.y)) /
                  moments.weight +
              at_max * moments.z_at_max;
  return sums;
}

}  // namespace mint::perception
