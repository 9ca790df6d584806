#include "perception/soft_argmax_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kChunk = 128 * kLanes;  // pixels summed in T before they go into a double

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

template <typename T>
MINT_VECTOR_CLONES void add_sums(const T* x, const T* px, const T* py, int64_t n,
                                 const MapTransform<T>& map, T m, MapSums& sums) {
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

template <typename T>
MapOnes ones_of(const T* x, const MapGrid<T>& grid, const MapTransform<T>& map, T max_u) {
  const auto count = static_cast<double>(grid.pixels());
  MapOnes ones{count, count * grid.centre_x, count * grid.centre_y};
  if (!leaves_out_ones(max_u)) return ones;
  for (size_t i = 0; i < grid.x.size(); ++i) {
    if (map_u(map, leaky(x[i], map.slope)) <= T(20)) continue;
    ones.count -= 1;
    ones.x -= grid.x[i];
    ones.y -= grid.y[i];
  }
  return ones;
}

// Adds the gradients that belong to the maximum alone.
template <typename T>
void add_gradient_at_maxima(const T* x, int64_t pixels, const MapTransform<T>& map,
                            const MapMoments<T>& moments, const MapOutputGradient<T>& grad, T* dx) {
  const T by_activation = activation_gradient(moments, grad);
  if (!has_gradient_at_maxima(by_activation)) return;
  std::vector<int64_t> maxima;
  for (int64_t i = 0; i < pixels; ++i) {
    if (map_u(map, leaky(x[i], map.slope)) == moments.max_u) maxima.push_back(i);
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
  const T z_at_max = leaky(extreme, map.slope), max_u = map_u(map, z_at_max);
  const T m = exponent_offset(max_u);

  MapSums sums;
  for (int64_t i = 0; i < grid.pixels(); i += kChunk) {
    add_sums(x + i, grid.x.data() + i, grid.y.data() + i, std::min(kChunk, grid.pixels() - i), map,
             m, sums);
  }
  return moments_from_sums(max_u, z_at_max, sums, ones_of(x, grid, map, max_u));
}

template <typename T>
void map_gradient(const T* x, const MapGrid<T>& grid, const MapTransform<T>& map,
                  const MapMoments<T>& moments, const MapOutputGradient<T>& grad, T a, T b, T* dx) {
  const MapSpread<T> spread = map_spread(moments, grad);
  spread_gradient(x, grid.x.data(), grid.y.data(), grid.pixels(), map,
                  exponent_offset(moments.max_u), spread.by_x, spread.by_y, spread.constant, a, b,
                  dx);
  add_gradient_at_maxima(x, grid.pixels(), map, moments, grad, dx);
}

#define MINT_INSTANTIATE(T)                                                                   \
  template struct MapGrid<T>;                                                                 \
  template MapMoments<T> map_moments<T>(const T*, const MapGrid<T>&, const MapTransform<T>&); \
  template void map_gradient<T>(const T*, const MapGrid<T>&, const MapTransform<T>&,          \
                                const MapMoments<T>&, const MapOutputGradient<T>&, T, T, T*);
MINT_INSTANTIATE(float)
MINT_INSTANTIATE(double)
#undef MINT_INSTANTIATE

}  // namespace mint::perception
