// The arithmetic of the MINT loss: raw pointers, no torch, float or double (spec 6.7).
#pragma once

#include <cstdint>

#include "perception/mint_loss_arithmetic.h"

namespace mint::perception {

// Writes terms [N, 8] (kMintLossTermNames) and the gradients of the mean of the totals with respect
// to coords [N, K, 2] and status [N, K]. All outputs are overwritten.
template <typename T>
void mint_loss_kernel(const MintLossConfig& config, const MintLossBatch<T>& batch, T* terms,
                      T* grad_coords, T* grad_status);

}  // namespace mint::perception
