#include "perception/soft_argmax_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kLanes = 16;
constexpr double kEpsilon = 1e-8;  // of the reference's softmax, times its largest weight

template <typename T>
T softplus(T u) {
  return u > T(20) ? u : std::log1p(std::exp(u));
}

// One row of sums; the last columns go through a padded copy so that there is one loop body.
template <typename T>
struct RowSums {
  T e[kLanes] = {}, ex[kLanes] = {}, ez[kLanes] = {}, ezx[kLanes] = {};
};

template <typename T>
struct Sums {
  T e = 0, ex = 0, ez = 0, ezx = 0;
};

template <typename T>
Sums<T> fold(const RowSums<T>& row) {
  Sums<T> sums;
  for (int64_t l = 0; l < kLanes; ++l) {
    sums.e += row.e[l];
    sums.ex += row.ex[l];
    sums.ez += row.ez[l];
    sums.ezx += row.ezx[l];
  }
  return sums;
}

// The ones of 1 + exp(u), summed over the map.
struct Background {
  double count = 0, x = 0, y = 0;
};

Background whole_background(int64_t height, int64_t width) {
  const double h = static_cast<double>(height), w = static_cast<double>(width);
  return {h * w, h * (w - 1) / 2, w * (h - 1) / 2};
}

void remove_pixel(Background& ones, int64_t p, int64_t height, int64_t width) {
  ones.count -= 1;
  ones.x -= static_cast<double>(p % width) / static_cast<double>(width);
  ones.y -= static_cast<double>(p / width) / static_cast<double>(height);
}

// dL/dmax_u through the activation, spread over all maxima.
template <typename T>
T activation_gradient(const MapMoments<T>& moments, const MapOutputGradient<T>& grad) {
  return grad.activation / (T(1) + std::exp(-moments.max_u));
}

// dL/dmax_u through epsilon, which the reference gives to the first maximum.
template <typename T>
T epsilon_gradient(const MapMoments<T>& moments, const MapOutput<T>& output,
                   const MapOutputGradient<T>& grad) {
  const T m = std::max(T(0), moments.max_u);
  const T share = static_cast<T>(kEpsilon) * std::exp(moments.max_u - m) / moments.weight;
  return -share * (grad.x * output.x + grad.y * output.y);
}

}  // namespace

template <typename T>
MINT_VECTOR_CLONES MapMoments<T> map_moments(const T* x, int64_t height, int64_t width,
                                             const MapTransform<T>& map) {
  const T slope = map.slope, scale = map.scale, shift = map.shift;
  const int64_t pixels = height * width;
  MapMoments<T> moments;

  // u is monotonic in x, so its maximum needs only the extremes of x.
  T high[kLanes], low[kLanes];
  std::fill(high, high + kLanes, -std::numeric_limits<T>::infinity());
  std::fill(low, low + kLanes, std::numeric_limits<T>::infinity());
  int64_t i = 0;
  for (; i + kLanes <= pixels; i += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) {
      high[l] = x[i + l] > high[l] ? x[i + l] : high[l];
      low[l] = x[i + l] < low[l] ? x[i + l] : low[l];
    }
  }
  for (; i < pixels; ++i) {
    high[0] = std::max(high[0], x[i]);
    low[0] = std::min(low[0], x[i]);
  }
  const T extreme =
      scale >= T(0) ? *std::max_element(high, high + kLanes) : *std::min_element(low, low + kLanes);
  moments.max_u = scale * (extreme > T(0) ? extreme : slope * extreme) + shift;
  const T m = std::max(T(0), moments.max_u);

  double e = 0, ex = 0, ey = 0, ez = 0, ezx = 0, ezy = 0, ties = 0, z_at_max = 0;
  const T max_u = moments.max_u;
  for (int64_t row = 0; row < height; ++row) {
    const T* line = x + row * width;
    RowSums<T> sums;
    T at_max[kLanes] = {}, z_max[kLanes] = {};
    for (int64_t column = 0; column < width; column += kLanes) {
      T u[kLanes], z[kLanes], px[kLanes];
      const int64_t n = std::min(kLanes, width - column);
      if (n == kLanes) {
        for (int64_t l = 0; l < kLanes; ++l) {
          const T v = line[column + l];
          z[l] = v > T(0) ? v : slope * v;
          u[l] = scale * z[l] + shift;
        }
      } else {
        for (int64_t l = 0; l < kLanes; ++l) {
          const T v = l < n ? line[column + l] : T(0);
          z[l] = v > T(0) ? v : slope * v;
          u[l] = l < n ? scale * z[l] + shift : -std::numeric_limits<T>::infinity();
        }
      }
      for (int64_t l = 0; l < kLanes; ++l) {
        px[l] = static_cast<T>(static_cast<int32_t>(column + l));
        const T weight = vector_exp(u[l] - m);
        sums.e[l] += weight;
        sums.ex[l] += weight * px[l];
        sums.ez[l] += weight * z[l];
        sums.ezx[l] += weight * z[l] * px[l];
        const T is_max = u[l] == max_u ? T(1) : T(0);
        at_max[l] += is_max;
        z_max[l] += is_max * z[l];
      }
    }
    const Sums<T> line_sums = fold(sums);
    e += line_sums.e;
    ex += line_sums.ex;
    ez += line_sums.ez;
    ezx += line_sums.ezx;
    ey += static_cast<double>(line_sums.e) * row;
    ezy += static_cast<double>(line_sums.ez) * row;
    for (int64_t l = 0; l < kLanes; ++l) {
      ties += at_max[l];
      z_at_max += z_max[l];
    }
  }
  ex /= static_cast<double>(width);
  ey /= static_cast<double>(height);
  moments.e = static_cast<T>(e);
  moments.ex = static_cast<T>(ex);
  moments.ey = static_cast<T>(ey);
  moments.ez = static_cast<T>(ez);
  moments.ezx = static_cast<T>(ezx / static_cast<double>(width));
  moments.ezy = static_cast<T>(ezy / static_cast<double>(height));
  moments.ties = static_cast<T>(ties);
  moments.z_at_max = static_cast<T>(z_at_max / ties);

  // exp(softplus(u)) is 1 + exp(u) up to u = 20 and exp(u) above, which only double can tell.
  Background ones = whole_background(height, width);
  if (sizeof(T) == sizeof(double) && max_u > T(20)) {
    for (int64_t p = 0; p < pixels; ++p) {
      const T z = x[p] > T(0) ? x[p] : slope * x[p];
      if (scale * z + shift > T(20)) remove_pixel(ones, p, height, width);
    }
  }
  const double one = std::exp(-static_cast<double>(m));
  const double largest =
      (max_u > T(20) ? 0 : one) + std::exp(static_cast<double>(max_u) - static_cast<double>(m));
  moments.weight = static_cast<T>(ones.count * one + e + kEpsilon * largest);
  moments.x = static_cast<T>(ones.x * one + ex);
  moments.y = static_cast<T>(ones.y * one + ey);
  return moments;
}

template <typename T>
MapOutput<T> map_output(const MapMoments<T>& moments) {
  MapOutput<T> output;
  output.x = moments.x / moments.weight;
  output.y = moments.y / moments.weight;
  output.activation = softplus(moments.max_u);
  return output;
}

template <typename T>
MapGradientSums<T> map_gradient_sums(const MapMoments<T>& moments, const MapOutput<T>& output,
                                     const MapOutputGradient<T>& grad) {
  const T weight = moments.weight;
  const T at_max = activation_gradient(moments, grad) + epsilon_gradient(moments, output, grad);
  MapGradientSums<T> sums;
  sums.du = (grad.x * (moments.ex - moments.e * output.x) +
             grad.y * (moments.ey - moments.e * output.y)) /
                weight +
            at_max;
  sums.du_z = (grad.x * (moments.ezx - moments.ez * output.x) +
               grad.y * (moments.ezy - moments.ez * output.y)) /
                  weight +
              at_max * moments.z_at_max;
  return sums;
}

template <typename T>
MINT_VECTOR_CLONES void map_gradient(const T* x, int64_t height, int64_t width,
                                     const MapTransform<T>& map, const MapMoments<T>& moments,
                                     const MapOutput<T>& output, const MapOutputGradient<T>& grad,
                                     T a, T b, T* dx) {
  const T slope = map.slope, scale = map.scale, shift = map.shift;
  const T m = std::max(T(0), moments.max_u);
  const T max_u = moments.max_u;
  const T weight = moments.weight;
  const T at_max = activation_gradient(moments, grad) / moments.ties;
  const T step_x = grad.x / (weight * static_cast<T>(width));
  for (int64_t row = 0; row < height; ++row) {
    const T py = static_cast<T>(row) / static_cast<T>(height);
    const T offset = (grad.y * (py - output.y) - grad.x * output.x) / weight;
    const T* line = x + row * width;
    T* out = dx + row * width;
    for (int64_t column = 0; column < width; ++column) {
      const T v = line[column];
      const T leak = v > T(0) ? T(1) : slope;
      const T z = leak * v;
      const T u = scale * z + shift;
      T du = vector_exp(u - m) * (offset + step_x * static_cast<T>(static_cast<int32_t>(column)));
      du += u == max_u ? at_max : T(0);
      out[column] = leak * scale * (du - a - b * z);
    }
  }
  if (sizeof(T) == sizeof(double)) {  // below the rounding of float
    for (int64_t p = 0; p < height * width; ++p) {
      const T leak = x[p] > T(0) ? T(1) : slope;
      if (scale * (leak * x[p]) + shift != max_u) continue;
      dx[p] += leak * scale * epsilon_gradient(moments, output, grad);
      break;
    }
  }
}

#define MINT_INSTANTIATE(T)                                                                   \
  template MapMoments<T> map_moments<T>(const T*, int64_t, int64_t, const MapTransform<T>&);  \
  template MapOutput<T> map_output<T>(const MapMoments<T>&);                                  \
  template MapGradientSums<T> map_gradient_sums<T>(const MapMoments<T>&, const MapOutput<T>&, \
                                                   const MapOutputGradient<T>&);              \
  template void map_gradient<T>(const T*, int64_t, int64_t, const MapTransform<T>&,           \
                                const MapMoments<T>&, const MapOutput<T>&,                    \
                                const MapOutputGradient<T>&, T, T, T*);
MINT_INSTANTIATE(float)
MINT_INSTANTIATE(double)
#undef MINT_INSTANTIATE

}  // namespace mint::perception
