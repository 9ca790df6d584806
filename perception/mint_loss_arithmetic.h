// The arithmetic of the MINT loss for one keypoint, pixel or frame (spec 6.7): no torch, float or
// double, the same functions on CPU and CUDA. The passes over pixels are in
// perception/mint_loss_windows.h and perception/mint_loss_launches.h.
#pragma once

#include <cmath>
#include <cstdint>

#include "perception/host_device.h"
#include "perception/mint_loss_config.h"
#include "perception/mint_loss_heatmap.h"
#include "perception/vector_code.h"

namespace mint::perception {

// What the loss is taken of.
template <typename T>
struct MintLossBatch {
  int64_t images = 0;          // N, a multiple of config.frames
  int64_t keypoints = 0;       // K
  int64_t height = 0;          // HH
  int64_t width = 0;           // WW
  const T* entropy = nullptr;  // [N, HH, WW]
  const T* coords = nullptr;   // [N, K, 2]
  const T* status = nullptr;   // [N, K]
};

// The frame before frame n in its sequence; the last one for the first.
MINT_HOST_DEVICE inline int64_t previous_frame(int64_t n, int64_t frames) {
  const int64_t t = n % frames;
  return n - t + (t + frames - 1) % frames;
}

struct EntropySums {
  double e = 0;   // of E, or of E (1 - M)
  double ce = 0;  // of CE, or of CE (1 - M)
};

// dL/dE (1 - M) and dL/dCE (1 - M) of the mask terms of a frame, as the sums say.
template <typename T>
struct MaskWeights {
  T e, ce;
};

template <typename T>
MINT_HOST_DEVICE inline MaskWeights<T> mask_weights(const MintLossConfig& config, int64_t images,
                                                    bool is_first, double status,
                                                    const EntropySums& all) {
  const double inverse_n = 1 / static_cast<double>(images);
  const double e =
      (config.masked_entropy_weight - config.status_weight * status) * inverse_n / (all.e + 1e-10);
  const double ce =
      is_first ? 0 : config.masked_conditional_entropy_weight * inverse_n / (all.ce + 1e-10);
  return {static_cast<T>(e), static_cast<T>(ce)};
}

// What the transport loss of all frames shares.
template <typename T>
struct TransportWeights {
  T kappa = 0;
  T outside = 0;  // cost per CE outside the supports: relu(1 - kappa)
  T scale = 0;    // l_IT / (N K A_h)
};

template <typename T>
MINT_HOST_DEVICE inline TransportWeights<T> transport_weights(const MintLossConfig& config,
                                                              int64_t images, int64_t keypoints,
                                                              double area) {
  const double inverse_n = 1 / static_cast<double>(images);
  const double inverse_k = 1 / static_cast<double>(keypoints);
  const double outside = 1 - config.kappa;
  return {static_cast<T>(config.kappa), static_cast<T>(outside > 0 ? outside : 0.0),
          static_cast<T>(config.transport_weight * inverse_n * inverse_k / area)};
}

// Gradient of the loss with respect to one keypoint, grid pixels.
template <typename T>
struct SpotGradient {
  T mu_x = 0, mu_y = 0, status = 0;
};

// The images at one pixel.
template <typename T>
struct PixelEntropy {
  T e, previous, ce;  // E, E', CE
  T mask_gradient;    // dL/da_k of the mask terms
};

// A keypoint at one pixel.
template <typename T>
struct PixelSpot {
  T g, status;
  T dx, dy;  // p - mu
};

// What one pixel adds to the reconstruction cost, above that of the background, and to the
// gradients of a keypoint and of the same one in the frame before.
template <typename T>
struct TransportPixel {
  T cost;
  T status, mu_x, mu_y;
  T status_before, mu_x_before, mu_y_before;
};

// `used` is 1, or 0 for a pixel that does not count.
template <typename T>
MINT_HOST_DEVICE inline TransportPixel<T> transport_pixel(const TransportWeights<T>& weights,
                                                          const HeatmapShape<T>& shape,
                                                          const PixelEntropy<T>& at,
                                                          const PixelSpot<T>& now,
                                                          const PixelSpot<T>& before, T used) {
  const T h = shape.height(now.g), h_before = shape.height(before.g);
  const T a = now.status * h, a_before = before.status * h_before;
  const T rest = weights.kappa * at.ce;
  const T rec = at.previous * (T(1) - a) * (T(1) - a_before) + (at.e * a + rest * (T(1) - a));
  const T missing = at.e - rec > T(0) ? at.e - rec : T(0);
  // 1 where rec < e, a half where they are equal.
  const T q = static_cast<T>(int32_t{rec <= at.e} + int32_t{rec < at.e}) * T(-0.5);
  const T da = used * (at.mask_gradient +
                       weights.scale * q * (at.e - at.previous * (T(1) - a_before) - rest));
  const T da_before = used * weights.scale * q * (-at.previous * (T(1) - a));
  const T by_mu = now.status * da * shape.rise(now.g);
  const T by_mu_before = before.status * da_before * shape.rise(before.g);
  return {used * (missing - weights.outside * at.ce),
          da * h,
          by_mu * now.dx,
          by_mu * now.dy,
          da_before * h_before,
          by_mu_before * before.dx,
          by_mu_before * before.dy};
}

// How a keypoint moved, in normalised coordinates.
template <typename T>
struct KeypointStep {
  T dx, dy, distance;
};

template <typename T>
MINT_HOST_DEVICE inline KeypointStep<T> keypoint_step(const T* now, const T* before) {
  const T dx = now[0] - before[0], dy = now[1] - before[1];
  return {dx, dy, std::sqrt(dx * dx + dy * dy)};
}

// The terms of one frame, unweighted.
struct FrameLoss {
  double masked_entropy = 0, masked_conditional_entropy = 0;
  double reconstruction = 0, movement = 0;
  double status = 0, overlap = 0;
};

inline constexpr int64_t kFrameTerms = 8;  // in the order of kMintLossTermNames

template <typename T>
MINT_HOST_DEVICE inline void write_frame_terms(const MintLossConfig& config, const FrameLoss& loss,
                                               T* terms) {
  const double transport = loss.reconstruction + config.movement_weight * loss.movement;
  const double values[kFrameTerms] = {
      loss.masked_entropy,
      loss.masked_conditional_entropy,
      loss.reconstruction,
      loss.movement,
      transport,
      loss.status,
      loss.overlap,
      config.masked_entropy_weight * loss.masked_entropy +
          config.masked_conditional_entropy_weight * loss.masked_conditional_entropy +
          config.transport_weight * transport + config.overlap_weight * loss.overlap +
          (1 - loss.masked_entropy) * config.status_weight * loss.status};
  for (int64_t i = 0; i < kFrameTerms; ++i) terms[i] = static_cast<T>(values[i]);
}

}  // namespace mint::perception
