// The passes over one feature map behind the soft-argmax: raw pointers, no torch, float or double.
//
// A map is given as values x before LeakyReLU and normalisation, with a transform per channel, so
// that the network's last normalisation needs no pass and no tensor of its own.
#pragma once

#include <cstdint>
#include <vector>

#include "perception/soft_argmax_arithmetic.h"

namespace mint::perception {

// The grid of all maps: column and row of every pixel as fractions, (x_i/WW, y_i/HH).
template <typename T>
struct MapGrid {
  MapGrid(int64_t height, int64_t width);

  int64_t pixels() const { return static_cast<int64_t>(x.size()); }

  std::vector<T> x, y;        // [HH WW]
  double centre_x, centre_y;  // means of x and y
};

template <typename T>
MapMoments<T> map_moments(const T* x, const MapGrid<T>& grid, const MapTransform<T>& map);

// dx = leaky'(x) * scale * (dL/du - a - b z); a and b carry the terms that batch normalisation adds
// through its statistics (both 0 without it). The gradient of a maximum that occurs several times
// is spread over all of them.
template <typename T>
void map_gradient(const T* x, const MapGrid<T>& grid, const MapTransform<T>& map,
                  const MapMoments<T>& moments, const MapOutputGradient<T>& grad, T a, T b, T* dx);

}  // namespace mint::perception
