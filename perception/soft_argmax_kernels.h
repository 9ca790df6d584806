// The passes over one feature map behind the soft-argmax: raw pointers, no torch, float or double.
//
// A map is given as values x before LeakyReLU and normalisation, with a transform per channel, so
// that the network's last normalisation needs no pass and no tensor of its own.
#pragma once

#include <cstdint>
#include <vector>

namespace mint::perception {

// u = scale * leaky(x) + shift, where leaky(x) = x > 0 ? x : slope * x. The default is u = x.
template <typename T>
struct MapTransform {
  T slope = 1;
  T scale = 1;
  T shift = 0;
};

// The grid of all maps: column and row of every pixel as fractions, (x_i/WW, y_i/HH).
template <typename T>
struct MapGrid {
  MapGrid(int64_t height, int64_t width);

  int64_t pixels() const { return static_cast<int64_t>(x.size()); }

  std::vector<T> x, y;        // [HH WW]
  double centre_x, centre_y;  // means of x and y
};

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

template <typename T>
MapMoments<T> map_moments(const T* x, const MapGrid<T>& grid, const MapTransform<T>& map);

template <typename T>
MapOutput<T> map_output(const MapMoments<T>& moments);

// Sums over the map of dL/du and of dL/du * z, from the moments alone.
template <typename T>
struct MapGradientSums {
  T du = 0;
  T du_z = 0;
};
template <typename T>
MapGradientSums<T> map_gradient_sums(const MapMoments<T>& moments,
                                     const MapOutputGradient<T>& grad);

// dx = leaky'(x) * scale * (dL/du - a - b z); a and b carry the terms that batch normalisation adds
// through its statistics (both 0 without it). The gradient of a maximum that occurs several times
// is spread over all of them.
template <typename T>
void map_gradient(const T* x, const MapGrid<T>& grid, const MapTransform<T>& map,
                  const MapMoments<T>& moments, const MapOutputGradient<T>& grad, T a, T b, T* dx);

}  // namespace mint::perception
