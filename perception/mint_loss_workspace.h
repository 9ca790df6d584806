// What the programs of the MINT loss (perception/mint_loss_launches.h) share: the memory of one
// evaluation and what is in it. Float or double, no torch.
#pragma once

#include <cstdint>

#include "perception/host_device.h"
#include "perception/mint_loss_arithmetic.h"

namespace mint::perception {

// What is known of a frame before its keypoints are looked at one by one, and what they cost.
template <typename T>
struct LossFrame {
  EntropySums all, open;
  double status;      // mean over the keypoints
  T highest;          // largest sum of Gaussians, at least beta
  int highest_count;  // pixels that have it
};

// Memory of one evaluation. The order keeps every part aligned.
template <typename T>
struct MintLossWorkspace {
  MintLossWorkspace(const MintLossBatch<T>& batch, void* memory) {
    const int64_t spots_count = batch.images * batch.keypoints;
    const int64_t pixels = batch.images * batch.height * batch.width;
    area = static_cast<HeatmapArea*>(memory);
    frames = reinterpret_cast<LossFrame<T>*>(area + 1);
    costs = reinterpret_cast<double*>(frames + batch.images);
    spots = reinterpret_cast<Spot<T>*>(costs + spots_count);
    own = reinterpret_cast<SpotGradient<T>*>(spots + spots_count);
    before = own + spots_count;
    ce = reinterpret_cast<T*>(before + spots_count);
    mask_gradient = ce + pixels;
    gaussians = mask_gradient + pixels;
    factors = gaussians + pixels;
  }
  static int64_t bytes(const MintLossBatch<T>& batch) {
    const int64_t of_frame = sizeof(LossFrame<T>) + 3 * batch.height * batch.width * sizeof(T);
    const int64_t of_spot = sizeof(double) + sizeof(Spot<T>) + 2 * sizeof(SpotGradient<T>) +
                            (batch.width + batch.height) * sizeof(T);
    return sizeof(HeatmapArea) + batch.images * (of_frame + batch.keypoints * of_spot);
  }

  HeatmapArea* area;
  LossFrame<T>* frames;          // [N]
  double* costs;                 // [N, K] of the windows
  Spot<T>* spots;                // [N, K]
  SpotGradient<T>*own, *before;  // [N, K]: of the keypoint, of the one in the frame before
  T *ce, *mask_gradient;         // [N, HH, WW]
  T* gaussians;                  // [N, HH, WW], summed over keypoints
  T* factors;                    // [N, K, WW + HH]
};

// What all programs of the loss know.
template <typename T>
struct MintLossProgram {
  MintLossConfig config;
  MintLossBatch<T> batch;
  MintLossWorkspace<T> work;

  MINT_HOST_DEVICE int pixels() const { return static_cast<int>(batch.height * batch.width); }
  MINT_HOST_DEVICE int width() const { return static_cast<int>(batch.width); }
  MINT_HOST_DEVICE int64_t spots() const { return batch.images * batch.keypoints; }
  // The same keypoint in the frame before.
  MINT_HOST_DEVICE int64_t spot_before(int64_t spot) const {
    const int64_t n = spot / batch.keypoints;
    return spot + (previous_frame(n, config.frames) - n) * batch.keypoints;
  }
};

}  // namespace mint::perception
