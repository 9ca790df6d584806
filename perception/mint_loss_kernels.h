// The arithmetic of the MINT loss: raw pointers, no torch, float or double (spec 6.7).
#pragma once

#include <cstdint>

#include "perception/mint_loss_config.h"

namespace mint::perception {

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

// Writes terms [N, 8] (kMintLossTermNames) and the gradients of the mean of the totals with respect
// to coords [N, K, 2] and status [N, K]. All outputs are overwritten.
template <typename T>
void mint_loss_kernel(const MintLossConfig& config, const MintLossBatch<T>& batch, T* terms,
                      T* grad_coords, T* grad_status);

// Sum over the grid of the heatmap of a keypoint exactly on a pixel, far from the border:
// 169.6234 for the defaults.
double heatmap_area(const MintLossConfig& config);

}  // namespace mint::perception
