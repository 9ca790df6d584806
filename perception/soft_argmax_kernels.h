// The passes over one feature map behind soft_argmax: raw pointers, no torch, float or double.
//
// A map is given as z-values x (before LeakyReLU and normalisation) with a per-channel transform,
// so that the last normalisation of the network needs no pass and no tensor of its own.
#pragma once

#include <cstdint>

namespace mint::perception {

// u = scale * leaky(x) + shift, where leaky(x) = x > 0 ? x : slope * x. The default is u = x.
template <typename T>
struct MapTransform {
  T slope = 1;
  T scale = 1;
  T shift = 0;
};

// Sums over the pixels of one map, with e = exp(u - m), m = max(0, max_u), z = leaky(x), and (px,
// py) = column and row as fractions of the grid.
template <typename T>
struct MapMoments {
  T max_u = 0;                 // maximum of u
  T ties = 0;                  // pixels where u is equal to max_u
  T z_at_max = 0;              // mean of z over those
  T weight = 0;                // sum of exp(softplus(u) - m), with the reference's epsilon
  T x = 0, y = 0;              // the same sum of px and py
  T e = 0, ex = 0, ey = 0;     // sums of e, e px, e py
  T ez = 0, ezx = 0, ezy = 0;  // sums of e z, e z px, e z py
};

// Gradient of the loss with respect to one map's outputs.
template <typename T>
struct MapOutputGradient {
  T x = 0, y = 0;    // coordinates
  T activation = 0;  // softplus(max_u)
};

template <typename T>
struct MapOutput {
  T x = 0, y = 0;
  T activation = 0;
};

template <typename T>
MapMoments<T> map_moments(const T* x, int64_t height, int64_t width, const MapTransform<T>& map);

template <typename T>
MapOutput<T> map_output(const MapMoments<T>& moments);

// Sums over the map of dL/du and of dL/du * z, from the moments alone.
template <typename T>
struct MapGradientSums {
  T du = 0;
  T du_z = 0;
};
template <typename T>
MapGradientSums<T> map_gradient_sums(const MapMoments<T>& moments, const MapOutput<T>& output,
                                     const MapOutputGradient<T>& grad);

// dx = leaky'(x) * scale * (dL/du - a - b z); a and b carry the terms that batch normalisation adds
// through its statistics (both 0 without it).
template <typename T>
void map_gradient(const T* x, int64_t height, int64_t width, const MapTransform<T>& map,
                  const MapMoments<T>& moments, const MapOutput<T>& output,
                  const MapOutputGradient<T>& grad, T a, T b, T* dx);

}  // namespace mint::perception
