// Passes over pixels behind mint_loss_kernel: one frame or one keypoint window each. Internal to
// the loss; raw pointers, float or double.
#pragma once

#include <cstdint>

#include "perception/mint_loss_arithmetic.h"

namespace mint::perception {

// n values exp(-(i - mu)^2 / sigma^2) for i = 0 .. n-1.
template <typename T>
void gaussian_factor(T mu, double sigma, int64_t n, T* factor);

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
  TransportWeights<T> weights;
};

// Adds the gradients of keypoint `now` and of the same keypoint in the previous frame over the
// pixels of `box` outside `hole`; returns the reconstruction cost there above that of the
// background.
template <typename T>
T transport_window(const TransportFrame<T>& frame, const HeatmapShape<T>& shape, const Spot<T>& now,
                   const Spot<T>& before, const Box& box, const Box& hole,
                   SpotGradient<T>& grad_now, SpotGradient<T>& grad_before);

}  // namespace mint::perception
