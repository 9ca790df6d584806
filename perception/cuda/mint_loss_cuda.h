// The MINT loss on a GPU, value and gradient, without torch (perception/mint_loss_kernels.h).
//
// Compiled where there is an nvcc. Tests run the same programs in the same order on the CPU
// (perception/mint_loss_launches.h) and compare them with the CPU's loss. Never run on a GPU yet,
// and nothing calls it: the networks are trained on the CPU.
//
// Pointers are device pointers, `stream` is a cudaStream_t, null the default one; calls return
// before the work is done. T is float or double. Errors as in perception/cuda/entropy_cuda.h;
// without nvcc everything throws.
#pragma once

#include "perception/mint_loss_launches.h"

namespace mint::perception::cuda {

// Bytes of device memory that mint_loss needs besides its arguments, aligned as cudaMalloc does it.
template <typename T>
int64_t mint_loss_workspace_bytes(const MintLossBatch<T>& batch) {
  return MintLossWorkspace<T>::bytes(batch);
}

// Overwrites terms [N, 8] (kMintLossTermNames) and the gradients of the mean of the totals with
// respect to coords [N, K, 2] and status [N, K]. N must be a multiple of config.frames and K at
// least 1: neither is checked, other batches are undefined.
template <typename T>
void mint_loss(const MintLossConfig& config, const MintLossBatch<T>& batch, void* workspace,
               T* terms, T* grad_coords, T* grad_status, void* stream);

}  // namespace mint::perception::cuda
