#include "perception/mint_loss_windows.h"

#include <algorithm>
#include <cmath>

#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kLanes = 8;
constexpr int64_t kWindowLanes = 16;

// The sums over a window that transport_window returns, as partial sums by column.
template <typename T>
struct WindowSums {
  T cost[kWindowLanes] = {};
  T status[kWindowLanes] = {}, mu_x[kWindowLanes] = {}, mu_y[kWindowLanes] = {};
  T status_before[kWindowLanes] = {}, mu_x_before[kWindowLanes] = {},
    mu_y_before[kWindowLanes] = {};
};

template <typename T>
T sum_of_lanes(const T* lanes) {
  T sum = 0;
  for (int64_t l = 0; l < kWindowLanes; ++l) sum += lanes[l];
  return sum;
}

// Adds columns [start, start + n) of row y, of which only those in [first, last) outside
// [hole_first, hole_last) count.
template <typename T>
inline __attribute__((always_inline)) void add_columns(const TransportFrame<T>& in,
                                                       const HeatmapShape<T>& shape,
                                                       const Spot<T>& now, const Spot<T>& before,
                                                       int64_t y, int64_t start, int64_t n, T first,
                                                       T last, T hole_first, T hole_last,
                                                       WindowSums<T>& sums) {
  const T *e_row = in.e + y * in.width + start, *ce_row = in.ce + y * in.width + start;
  const T* previous_row = in.previous + y * in.width + start;
  const T* mask_row = in.mask_gradient + y * in.width + start;
  const T *gx = now.gx + start, *gx_before = before.gx + start;
  const T gy = now.gy[y], gy_before = before.gy[y];
  const T dy = static_cast<T>(y) - now.mu_y, dy_before = static_cast<T>(y) - before.mu_y;
  const TransportWeights<T> weights = in.weights;
  const T s = now.status, s_before = before.status;
  WindowSums<T> found;  // of these columns, apart from the sums: plain arrays vectorise
  for (int64_t l = 0; l < n; ++l) {
    const T x = static_cast<T>(start) + static_cast<T>(static_cast<int32_t>(l));
    const int32_t in_range = int32_t{x >= first} & int32_t{x < last};
    const int32_t in_hole = int32_t{x >= hole_first} & int32_t{x < hole_last};
    const auto pixel =
        transport_pixel<T>(weights, shape, {e_row[l], previous_row[l], ce_row[l], mask_row[l]},
                           {gy * gx[l], s, x - now.mu_x, dy},
                           {gy_before * gx_before[l], s_before, x - before.mu_x, dy_before},
                           static_cast<T>(in_range & ~in_hole));
    found.cost[l] = pixel.cost;
    found.status[l] = pixel.status;
    found.mu_x[l] = pixel.mu_x;
    found.mu_y[l] = pixel.mu_y;
    found.status_before[l] = pixel.status_before;
    found.mu_x_before[l] = pixel.mu_x_before;
    found.mu_y_before[l] = pixel.mu_y_before;
  }
  for (int64_t l = 0; l < n; ++l) {
    sums.cost[l] += found.cost[l];
    sums.status[l] += found.status[l];
    sums.mu_x[l] += found.mu_x[l];
    sums.mu_y[l] += found.mu_y[l];
    sums.status_before[l] += found.status_before[l];
    sums.mu_x_before[l] += found.mu_x_before[l];
    sums.mu_y_before[l] += found.mu_y_before[l];
  }
}

}  // namespace

template <typename T>
MINT_VECTOR_CLONES void gaussian_factor(T mu, double sigma, int64_t n, T* factor) {
  const T inverse = static_cast<T>(1 / (sigma * sigma));
  for (int64_t i = 0; i < n; ++i) factor[i] = gaussian_value(mu, inverse, i);
}

template <typename T>
MINT_VECTOR_CLONES EntropySums conditional_entropy(const T* e, const T* previous, int64_t pixels,
                                                   T* ce) {
  for (int64_t i = 0; i < pixels; ++i) ce[i] = std::max(e[i] - previous[i], T(0));
  double sum_e[kLanes] = {}, sum_ce[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= pixels; i += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) {
      sum_e[l] += static_cast<double>(e[i + l]);
      sum_ce[l] += static_cast<double>(ce[i + l]);
    }
  }
  EntropySums sums;
  for (; i < pixels; ++i) {
    sums.e += e[i];
    sums.ce += ce[i];
  }
  for (int64_t l = 0; l < kLanes; ++l) {
    sums.e += sum_e[l];
    sums.ce += sum_ce[l];
  }
  return sums;
}

template <typename T>
MINT_VECTOR_CLONES T sum_of_gaussians(const Spot<T>* spots, int64_t keypoints, int64_t height,
                                      int64_t width, T least, T* sum) {
  T best = least;
  for (int64_t y = 0; y < height; ++y) {
    T* row = sum + y * width;
    T bound = 0;  // of the whole row, as gx <= 1
    for (int64_t k = 0; k < keypoints; ++k) bound += spots[k].gy[y];
    if (bound < best) {
      std::fill(row, row + width, T(-1));
      continue;
    }
    std::fill(row, row + width, T(0));
    for (int64_t k = 0; k < keypoints; ++k) {
      const T gy = spots[k].gy[y];
      const T* gx = spots[k].gx;
      for (int64_t x = 0; x < width; ++x) row[x] += gy * gx[x];
    }
    for (int64_t x = 0; x < width; ++x) best = row[x] > best ? row[x] : best;
  }
  return best;
}

template <typename T>
MINT_VECTOR_CLONES void add_to_mask(const Spot<T>& spot, const HeatmapShape<T>& shape,
                                    int64_t width, T* mask) {
  for (int64_t y = spot.box.y0; y < spot.box.y1; ++y) {
    const T gy = spot.gy[y];
    T* row = mask + y * width;
    for (int64_t x = spot.box.x0; x < spot.box.x1; ++x) {
      row[x] += spot.status * shape.height(gy * spot.gx[x]);
    }
  }
}

template <typename T>
MINT_VECTOR_CLONES EntropySums apply_mask(const T* e, const T* ce, int64_t pixels, T weight_e,
                                          T weight_ce, T* mask) {
  double sum_e[kLanes] = {}, sum_ce[kLanes] = {};
  const auto add = [=, &sum_e, &sum_ce](int64_t i, int64_t l) {
    const T m = mask[i];
    const T open = m < T(1) ? T(1) - m : T(0);
    sum_e[l] += e[i] * open;
    sum_ce[l] += ce[i] * open;
    const T w = -(weight_e * e[i] + weight_ce * ce[i]);
    mask[i] = m <= T(1) ? w : T(0);
  };
  int64_t i = 0;
  for (; i + kLanes <= pixels; i += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) add(i + l, l);
  }
  for (int64_t l = 0; i < pixels; ++i, ++l) add(i, l);
  EntropySums sums;
  for (int64_t l = 0; l < kLanes; ++l) {
    sums.e += sum_e[l];
    sums.ce += sum_ce[l];
  }
  return sums;
}

template <typename T>
MINT_VECTOR_CLONES T transport_window(const TransportFrame<T>& in, const HeatmapShape<T>& shape,
                                      const Spot<T>& now, const Spot<T>& before, const Box& box,
                                      const Box& hole, SpotGradient<T>& grad_now,
                                      SpotGradient<T>& grad_before) {
  WindowSums<T> sums;
  for (int64_t y = box.y0; y < box.y1; ++y) {
    const bool row_has_hole = y >= hole.y0 && y < hole.y1;
    const T hole_first = static_cast<T>(row_has_hole ? hole.x0 : 0);
    const T hole_last = static_cast<T>(row_has_hole ? hole.x1 : 0);
    for (int64_t x = box.x0; x < box.x1; x += kWindowLanes) {
      const T first = static_cast<T>(x), last = static_cast<T>(box.x1);
      // Whole vectors: near the end of the row they begin before x.
      if (in.width >= kWindowLanes) {
        add_columns(in, shape, now, before, y, std::min(x, in.width - kWindowLanes), kWindowLanes,
                    first, last, hole_first, hole_last, sums);
      } else {
        add_columns(in, shape, now, before, y, x, box.x1 - x, first, last, hole_first, hole_last,
                    sums);
      }
    }
  }
  grad_now.status += sum_of_lanes(sums.status);
  grad_now.mu_x += sum_of_lanes(sums.mu_x);
  grad_now.mu_y += sum_of_lanes(sums.mu_y);
  grad_before.status += sum_of_lanes(sums.status_before);
  grad_before.mu_x += sum_of_lanes(sums.mu_x_before);
  grad_before.mu_y += sum_of_lanes(sums.mu_y_before);
  return sum_of_lanes(sums.cost);
}

#define MINT_INSTANTIATE(T)                                                                        \
  template void gaussian_factor<T>(T, double, int64_t, T*);                                        \
  template EntropySums conditional_entropy<T>(const T*, const T*, int64_t, T*);                    \
  template T sum_of_gaussians<T>(const Spot<T>*, int64_t, int64_t, int64_t, T, T*);                \
  template void add_to_mask<T>(const Spot<T>&, const HeatmapShape<T>&, int64_t, T*);               \
  template EntropySums apply_mask<T>(const T*, const T*, int64_t, T, T, T*);                       \
  template T transport_window<T>(const TransportFrame<T>&, const HeatmapShape<T>&, const Spot<T>&, \
                                 const Spot<T>&, const Box&, const Box&, SpotGradient<T>&,         \
                                 SpotGradient<T>&);
MINT_INSTANTIATE(float)
MINT_INSTANTIATE(double)
#undef MINT_INSTANTIATE

}  // namespace mint::perception
