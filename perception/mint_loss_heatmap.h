// The heatmap of one keypoint as the MINT loss sees it (spec 6.7): its Gaussian, the box that holds
// it, its height and area. No torch, float or double, the same functions on CPU and CUDA.
#pragma once

#include <cmath>
#include <cstdint>

#include "perception/host_device.h"
#include "perception/mint_loss_config.h"
#include "perception/vector_code.h"

namespace mint::perception {

// Grid pixels [x0, x1) x [y0, y1).
struct Box {
  int64_t x0 = 0, x1 = 0, y0 = 0, y1 = 0;

  MINT_HOST_DEVICE bool holds(int64_t x, int64_t y) const {
    return x >= x0 && x < x1 && y >= y0 && y < y1;
  }
};

// A keypoint as the losses see it: the two factors of its Gaussian, G(x, y) = gx[x] gy[y], and a
// box that holds its heatmap.
template <typename T>
struct Spot {
  const T* gx = nullptr;  // [WW]
  const T* gy = nullptr;  // [HH]
  T mu_x = 0, mu_y = 0;   // grid pixels
  T status = 0;
  Box box;  // clipped to the grid; may be empty
};

// exp(-(i - mu)^2 / sigma^2), inverse = 1 / sigma^2.
template <typename T>
MINT_HOST_DEVICE inline T gaussian_value(T mu, T inverse, int64_t i) {
  const T d = static_cast<T>(i) - mu;
  return vector_exp(-d * d * inverse);
}

// How far from its keypoint a heatmap is above zero, grid pixels.
inline double heatmap_radius(const MintLossConfig& config) {
  return config.sigma * std::sqrt(-std::log(config.tau));
}

// The range of pixels whose heatmap may be above zero, clipped to [0, n).
MINT_HOST_DEVICE inline void support_range(double mu, double radius, int64_t n, int64_t& first,
                                           int64_t& last) {
  // A pixel of margin, so that rounding cannot cut a support.
  const double end = static_cast<double>(n);
  double low = std::floor(mu - radius), high = std::ceil(mu + radius) + 1;
  low = low < 0 ? 0 : low > end ? end : low;
  high = high < low ? low : high > end ? end : high;
  first = static_cast<int64_t>(low);
  last = static_cast<int64_t>(high);
}

// Heatmap as a function of the Gaussian: h = min(eta relu(G - tau), 1).
template <typename T>
struct HeatmapShape {
  T tau, eta, slope;  // slope: 2 eta / sigma^2

  explicit HeatmapShape(const MintLossConfig& config)
      : tau(static_cast<T>(config.tau)),
        eta(static_cast<T>(config.eta)),
        slope(static_cast<T>(2 * config.eta / (config.sigma * config.sigma))) {}

  MINT_HOST_DEVICE T height(T g) const {
    const T above = g - tau;
    const T h = eta * (above < T(0) ? T(0) : above);
    return T(1) < h ? T(1) : h;
  }
  // dh/dmu = rise(G) (p - mu): zero where the heatmap is cut off or saturated. Without branches, so
  // that loops vectorise.
  MINT_HOST_DEVICE T rise(T g) const {
    const int32_t rises = int32_t{g > tau} & int32_t{eta * (g - tau) <= T(1)};
    return static_cast<T>(rises) * (slope * g);
  }
};

// Sum of one heatmap over the grid and its gradient with respect to mu.
struct HeatmapArea {
  double sum = 0, d_mu_x = 0, d_mu_y = 0;
};

// Sum over the grid of the heatmap of a keypoint exactly on a pixel, far from the border:
// 169.6234 for the defaults.
inline double heatmap_area(const MintLossConfig& config) {
  const HeatmapShape<double> shape(config);
  const auto radius = static_cast<int64_t>(std::ceil(heatmap_radius(config)));
  const double inverse = 1 / (config.sigma * config.sigma);
  double area = 0;
  for (int64_t y = -radius; y <= radius; ++y) {
    for (int64_t x = -radius; x <= radius; ++x) {
      area += shape.height(std::exp(-static_cast<double>(x * x + y * y) * inverse));
    }
  }
  return area;
}

}  // namespace mint::perception
