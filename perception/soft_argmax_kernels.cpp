#include "perception/soft_argmax_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kChunk = 128 * kLanes;  // pixels summed in T before they go into a double
constexpr double kEpsilon = 1e-8;         // of the reference's softmax, times its largest weight

template <typename T>
T softplus(T u) {
  return u > T(20) ? u : std::log1p(std::exp(u));
}

template <typename T>
struct Extremes {
  T low, high;
};

template <typename T>
MINT_VECTOR_CLONES Extremes<T> extremes(const T* x, int64_t n) {
  T high[kLanes], low[kLanes];
  std::fill(high, high + kLanes, -std::numeric_limits<T>::infinity());
  std::fill(low, low + kLanes, std::numeric_limits<T>::infinity());
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) {
      high[l] = x[i + l] > high[l] ? x[i + l] : high[l];
      low[l] = x[i + l] < low[l] ? x[i + l] : low[l];
    }
  }
  for (; i < n; ++i) {
    high[0] = std::max(high[0], x[i]);
    low[0] = std::min(low[0], x[i]);
  }
  return {*std::min_element(low, low + kLanes), *std::max_element(high, high + kLanes)};
}

// The six sums of MapMoments.
struct Sums {
  double e = 0, ex = 0, ey = 0, ez = 0, ezx = 0, ezy = 0;
};

template <typename T>
MINT_VECTOR_CLONES void add_sums(const T* x, const T* px, const T* py, int64_t n,
                                 const MapTransform<T>& map, T m, Sums& sums) {
  const T slope = map.slope, scale = map.scale, offset = map.shift - m;
  T e[kLanes] = {}, ex[kLanes] = {}, ey[kLanes] = {};
  T ez[kLanes] = {}, ezx[kLanes] = {}, ezy[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) {
      const T v = x[i + l];
      const T z = v > T(0) ? v : slope * v;
      const T weight = vector_exp(scale * z + offset);
      const T weight_z = weight * z;
      e[l] += weight;
      ex[l] += weight * px[i + l];
      ey[l] += weight * py[i + l];
      ez[l] += weight_z;
      ezx[l] += weight_z * px[i + l];
      ezy[l] += weight_z * py[i + l];
    }
  }
  for (int64_t l = 0; i < n; ++i, ++l) {
    const T z = x[i] > T(0) ? x[i] : slope * x[i];
    const T weight = vector_exp(scale * z + offset);
    e[l] += weight;
    ex[l] += weight * px[i];
    ey[l] += weight * py[i];
    ez[l] += weight * z;
    ezx[l] += weight * z * px[i];
    ezy[l] += weight * z * py[i];
  }
  for (int64_t l = 0; l < kLanes; ++l) {
    sums.e += e[l];
    sums.ex += ex[l];
    sums.ey += ey[l];
    sums.ez += ez[l];
    sums.ezx += ezx[l];
    sums.ezy += ezy[l];
  }
}

// The ones of 1 + exp(u), summed over the map. Above u = 20 there is none: softplus is linear
// there, which only double can tell.
template <typename T>
struct Background {
  Background(const T* x, const MapGrid<T>& grid, const MapTransform<T>& map, T max_u)
      : count(static_cast<double>(grid.pixels())),
        x(count * grid.centre_x),
        y(count * grid.centre_y) {
    if (sizeof(T) < sizeof(double) || max_u <= T(20)) return;
    for (size_t i = 0; i < grid.x.size(); ++i) {
      const T z = x[i] > T(0) ? x[i] : map.slope * x[i];
      if (map.scale * z + map.shift <= T(20)) continue;
      count -= 1;
      this->x -= grid.x[i];
      this->y -= grid.y[i];
    }
  }

  double count, x, y;
};

// dL/dmax_u through the activation, for all maxima together.
template <typename T>
T activation_gradient(const MapMoments<T>& moments, const MapOutputGradient<T>& grad) {
  return grad.activation / (T(1) + std::exp(-moments.max_u));
}

// dL/dmax_u through epsilon, which the reference gives to the first maximum.
template <typename T>
T epsilon_gradient(const MapMoments<T>& moments, const MapOutputGradient<T>& grad) {
  const T m = std::max(T(0), moments.max_u);
  const T share = static_cast<T>(kEpsilon) * std::exp(moments.max_u - m) / moments.weight;
  const MapOutput<T> output = map_output(moments);
  return -share * (grad.x * output.x + grad.y * output.y);
}

// Adds the gradients that belong to the maximum alone. Float needs it only for the activation,
// whose gradient is nearly always zero in training.
template <typename T>
void add_gradient_at_maxima(const T* x, int64_t pixels, const MapTransform<T>& map,
                            const MapMoments<T>& moments, const MapOutputGradient<T>& grad, T* dx) {
  const T by_activation = activation_gradient(moments, grad);
  if (sizeof(T) < sizeof(double) && by_activation == T(0)) return;
  std::vector<int64_t> maxima;
  for (int64_t i = 0; i < pixels; ++i) {
    const T z = x[i] > T(0) ? x[i] : map.slope * x[i];
    if (map.scale * z + map.shift == moments.max_u) maxima.push_back(i);
  }
  T extra = epsilon_gradient(moments, grad);
  for (const int64_t i : maxima) {
    const T leak = x[i] > T(0) ? T(1) : map.slope;
    dx[i] += leak * map.scale * (by_activation / static_cast<T>(maxima.size()) + extra);
    extra = 0;
  }
}

template <typename T>
MINT_VECTOR_CLONES void spread_gradient(const T* x, const T* px, const T* py, int64_t n,
                                        const MapTransform<T>& map, T m, T by_x, T by_y, T constant,
                                        T a, T b, T* dx) {
  const T slope = map.slope, scale = map.scale, offset = map.shift - m;
  for (int64_t i = 0; i < n; ++i) {
    const T v = x[i];
    const T leak = v > T(0) ? T(1) : slope;
    const T z = leak * v;
    const T du = vector_exp(scale * z + offset) * (by_x * px[i] + by_y * py[i] + constant);
    dx[i] = leak * scale * (du - a - b * z);
  }
}

}  // namespace

template <typename T>
MapGrid<T>::MapGrid(int64_t height, int64_t width)
    : x(static_cast<size_t>(height * width)),
      y(x.size()),
      centre_x(static_cast<double>(width - 1) / static_cast<double>(2 * width)),
      centre_y(static_cast<double>(height - 1) / static_cast<double>(2 * height)) {
  for (int64_t i = 0; i < height * width; ++i) {
    x[static_cast<size_t>(i)] = static_cast<T>(i % width) / static_cast<T>(width);
    y[static_cast<size_t>(i)] = static_cast<T>(i / width) / static_cast<T>(height);
  }
}

template <typename T>
MapMoments<T> map_moments(const T* x, const MapGrid<T>& grid, const MapTransform<T>& map) {
  // u is monotonic in x.
  const Extremes<T> ends = extremes(x, grid.pixels());
  const T extreme = map.scale >= T(0) ? ends.high : ends.low;
  MapMoments<T> moments;
  moments.z_at_max = extreme > T(0) ? extreme : map.slope * extreme;
  moments.max_u = map.scale * moments.z_at_max + map.shift;
  const T m = std::max(T(0), moments.max_u);

  Sums sums;
  for (int64_t i = 0; i < grid.pixels(); i += kChunk) {
    add_sums(x + i, grid.x.data() + i, grid.y.data() + i, std::min(kChunk, grid.pixels() - i), map,
             m, sums);
  }
  moments.e = static_cast<T>(sums.e);
  moments.ex = static_cast<T>(sums.ex);
  moments.ey = static_cast<T>(sums.ey);
  moments.ez = static_cast<T>(sums.ez);
  moments.ezx = static_cast<T>(sums.ezx);
  moments.ezy = static_cast<T>(sums.ezy);

  const Background<T> ones(x, grid, map, moments.max_u);
  const double one = std::exp(-static_cast<double>(m));
  const double largest = (moments.max_u > T(20) ? 0 : one) +
                         std::exp(static_cast<double>(moments.max_u) - static_cast<double>(m));
  moments.weight = static_cast<T>(ones.count * one + sums.e + kEpsilon * largest);
  moments.x = static_cast<T>(ones.x * one + sums.ex);
  moments.y = static_cast<T>(ones.y * one + sums.ey);
  return moments;
}

template <typename T>
MapOutput<T> map_output(const MapMoments<T>& moments) {
  return {moments.x / moments.weight, moments.y / moments.weight, softplus(moments.max_u)};
}

template <typename T>
MapGradientSums<T> map_gradient_sums(const MapMoments<T>& moments,
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

template <typename T>
void map_gradient(const T* x, const MapGrid<T>& grid, const MapTransform<T>& map,
                  const MapMoments<T>& moments, const MapOutputGradient<T>& grad, T a, T b, T* dx) {
  const MapOutput<T> output = map_output(moments);
  const T m = std::max(T(0), moments.max_u);
  spread_gradient(x, grid.x.data(), grid.y.data(), grid.pixels(), map, m, grad.x / moments.weight,
                  grad.y / moments.weight,
                  -(grad.x * output.x + grad.y * output.y) / moments.weight, a, b, dx);
  add_gradient_at_maxima(x, grid.pixels(), map, moments, grad, dx);
}

#define MINT_INSTANTIATE(T)                                                                   \
  template struct MapGrid<T>;                                                                 \
  template MapMoments<T> map_moments<T>(const T*, const MapGrid<T>&, const MapTransform<T>&); \
  template MapOutput<T> map_output<T>(const MapMoments<T>&);                                  \
  template MapGradientSums<T> map_gradient_sums<T>(const MapMoments<T>&,                      \
                                                   const MapOutputGradient<T>&);              \
  template void map_gradient<T>(const T*, const MapGrid<T>&, const MapTransform<T>&,          \
                                const MapMoments<T>&, const MapOutputGradient<T>&, T, T, T*);
MINT_INSTANTIATE(float)
MINT_INSTANTIATE(double)
#undef MINT_INSTANTIATE

}  // namespace mint::perception
