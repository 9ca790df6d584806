#include "perception/mint_loss_windows.h"

#include <algorithm>
#include <cmath>

#include "perception/vector_code.h"

namespace mint::perception {
namespace {

constexpr int64_t kLanes = 8;

}  // namespace

template <typename T>
void gaussian_factor(T mu, double sigma, int64_t n, T* factor) {
  const T inverse = static_cast<T>(1 / (sigma * sigma));
  for (int64_t i = 0; i < n; ++i) {
    const T d = static_cast<T>(i) - mu;
    factor[i] = std::exp(-d * d * inverse);
  }
}

void support_range(double mu, double radius, int64_t n, int64_t& first, int64_t& last) {
  // A pixel of margin, so that rounding cannot cut a support.
  const double end = static_cast<double>(n);
  const double low = std::clamp(std::floor(mu - radius), 0.0, end);
  const double high = std::clamp(std::ceil(mu + radius) + 1, low, end);
  first = static_cast<int64_t>(low);
  last = static_cast<int64_t>(high);
}

template <typename T>
MINT_VECTOR_CLONES EntropySums conditional_entropy(const T* e, const T* previous, int64_t pixels,
                                                   T* ce) {
  double sum_e[kLanes] = {}, sum_ce[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= pixels; i += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) {
      const T d = e[i + l] - previous[i + l];
      ce[i + l] = d > T(0) ? d : T(0);
      sum_e[l] += e[i + l];
      sum_ce[l] += ce[i + l];
    }
  }
  EntropySums sums;
  for (; i < pixels; ++i) {
    ce[i] = std::max(e[i] - previous[i], T(0));
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
  for (int64_t i = 0; i < pixels; i += kLanes) {
    const int64_t n = std::min(kLanes, pixels - i);
    for (int64_t l = 0; l < n; ++l) {
      const T m = mask[i + l];
      const T open = m < T(1) ? T(1) - m : T(0);
      sum_e[l] += e[i + l] * open;
      sum_ce[l] += ce[i + l] * open;
      const T w = -(weight_e * e[i + l] + weight_ce * ce[i + l]);
      mask[i + l] = m <= T(1) ? w : T(0);
    }
  }
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
  constexpr int64_t kChunk = 32;
  T total = 0;
  const T s = now.status, s_before = before.status;
  for (int64_t y = box.y0; y < box.y1; ++y) {
    const bool row_has_hole = y >= hole.y0 && y < hole.y1;
    const T gy = now.gy[y], gy_before = before.gy[y];
    const T dy = static_cast<T>(y) - now.mu_y, dy_before = static_cast<T>(y) - before.mu_y;
    for (int64_t x0 = box.x0; x0 < box.x1; x0 += kChunk) {
      const int64_t n = std::min(kChunk, box.x1 - x0);
      const int64_t at = y * in.width + x0;
      const int64_t hole0 = row_has_hole ? hole.x0 - x0 : n,
                    hole1 = row_has_hole ? hole.x1 - x0 : n;
      T cost[kChunk], by_status[kChunk], by_mu[kChunk], by_status_before[kChunk],
          by_mu_before[kChunk];
      for (int64_t i = 0; i < n; ++i) {
        const T e = in.e[at + i], previous = in.previous[at + i], ce = in.ce[at + i];
        const T g = gy * now.gx[x0 + i], g_before = gy_before * before.gx[x0 + i];
        const T h = shape.height(g), h_before = shape.height(g_before);
        const T a = s * h, a_before = s_before * h_before;
        const T rest = in.kappa * ce;
        const T rec = previous * (T(1) - a) * (T(1) - a_before) + (e * a + rest * (T(1) - a));
        const bool inside = i < hole0 || i >= hole1;
        const T used = inside ? T(1) : T(0);
        const T missing = e - rec > T(0) ? e - rec : T(0);
        const T q = rec < e ? T(-1) : (rec == e ? T(-0.5) : T(0));
        const T da = used * (in.mask_gradient[at + i] +
                             in.scale * q * (e - previous * (T(1) - a_before) - rest));
        const T da_before = used * in.scale * q * (-previous * (T(1) - a));
        cost[i] = used * (missing - in.outside * ce);
        by_status[i] = da * h;
        by_mu[i] = s * da * shape.rise(g);
        by_status_before[i] = da_before * h_before;
        by_mu_before[i] = s_before * da_before * shape.rise(g_before);
      }
      T row_mu = 0, row_mu_before = 0;
      for (int64_t i = 0; i < n; ++i) {
        const T x = static_cast<T>(x0 + i);
        total += cost[i];
        grad_now.status += by_status[i];
        grad_now.mu_x += by_mu[i] * (x - now.mu_x);
        row_mu += by_mu[i];
        grad_before.status += by_status_before[i];
        grad_before.mu_x += by_mu_before[i] * (x - before.mu_x);
        row_mu_before += by_mu_before[i];
      }
      grad_now.mu_y += row_mu * dy;
      grad_before.mu_y += row_mu_before * dy_before;
    }
  }
  return total;
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
