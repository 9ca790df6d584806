// Passes over pixels behind mint_loss_kernel: one frame or one keypoint window each. Internal to
// the loss; raw pointers, float or double.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "perception/mint_loss_config.h"

namespace mint::perception {

// Grid pixels [x0, x1) x [y0, y1).
struct Box {
  int64_t x0 = 0, x1 = 0, y0 = 0, y1 = 0;
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

// n values exp(-(i - mu)^2 / sigma^2) for i = 0 .. n-1.
template <typename T>
void gaussian_factor(T mu, double sigma, int64_t n, T* factor);

// The range of pixels whose heatmap may be above zero, clipped to [0, n).
void support_range(double mu, double radius, int64_t n, int64_t& first, int64_t& last);

// Heatmap as a function of the Gaussian: h = min(eta relu(G - tau), 1).
template <typename T>
struct HeatmapShape {
  T tau, eta, slope;  // slope: 2 eta / sigma^2

  explicit HeatmapShape(const MintLossConfig& config)
      : tau(static_cast<T>(config.tau)),
        eta(static_cast<T>(config.eta)),
        slope(static_cast<T>(2 * config.eta / (config.sigma * config.sigma))) {}

  T height(T g) const {
    const T h = eta * std::max(g - tau, T(0));
    return std::min(h, T(1));
  }
  // dh/dmu = rise(G) (p - mu): zero where the heatmap is cut off or saturated. Without branches, so
  // that loops vectorise.
  T rise(T g) const {
    const int32_t rises = int32_t{g > tau} & int32_t{eta * (g - tau) <= T(1)};
    return static_cast<T>(rises) * (slope * g);
  }
};

struct EntropySums {
  double e = 0;   // of E, or of E (1 - M)
  double ce = 0;  // of CE, or of CE (1 - M)
};

// ce = relu(e - previous), with the sums of e and ce.
template <typename T>
EntropySums conditional_entropy(const T* e, const T* previous, int64_t pixels, T* ce);

// sum[p] = sum over keypoints of G_k(p) in the rows that can reach the maximum, -1 in the others.
// Returns the maximum, or `least` if it is below that.
template <typename T>
T sum_of_gaussians(const Spot<T>* spots, int64_t keypoints, int64_t height, int64_t width, T least,
                   T* sum);

// mask += status * heatmap of one keypoint.
template <typename T>
void add_to_mask(const Spot<T>& spot, const HeatmapShape<T>& shape, int64_t width, T* mask);

// Returns the masked sums and turns the mask (sum of a_k) into dL/da_k of the mask terms, in place:
// -(weight_e E + weight_ce CE) where the mask is at most 1, else 0.
template <typename T>
EntropySums apply_mask(const T* e, const T* ce, int64_t pixels, T weight_e, T weight_ce, T* mask);

// One frame's inputs of the transport loss.
template <typename T>
struct TransportFrame {
  const T* e = nullptr;
  const T* previous = nullptr;  // E'
  const T* ce = nullptr;
  const T* mask_gradient = nullptr;  // as left by apply_mask
  int64_t width = 0;
  T kappa = 0;
  T outside = 0;  // cost per CE outside the supports: relu(1 - kappa)
  T scale = 0;    // l_IT / (N K A_h)
};

// Gradient of the loss with respect to one keypoint, grid pixels.
template <typename T>
struct SpotGradient {
  T mu_x = 0, mu_y = 0, status = 0;
};

// Adds the gradients of keypoint `now` and of the same keypoint in the previous frame over the
// pixels of `box` outside `hole`; returns the reconstruction cost there above that of the
// background.
template <typename T>
T transport_window(const TransportFrame<T>& frame, const HeatmapShape<T>& shape, const Spot<T>& now,
                   const Spot<T>& before, const Box& box, const Box& hole,
                   SpotGradient<T>& grad_now, SpotGradient<T>& grad_before);

}  // namespace mint::perception
