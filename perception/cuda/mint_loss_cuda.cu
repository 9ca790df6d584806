#include "perception/cuda/mint_loss_cuda.h"

#include "perception/cuda/launch.h"

namespace mint::perception::cuda {

template <typename T>
void mint_loss(const MintLossConfig& config, const MintLossBatch<T>& batch, void* workspace,
               T* terms, T* grad_coords, T* grad_status, void* stream) {
  launch_mint_loss(StreamLaunch{static_cast<cudaStream_t>(stream), "mint_loss"}, config, batch,
                   MintLossWorkspace<T>(batch, workspace), terms, grad_coords, grad_status);
}

}  // namespace mint::perception::cuda

#include "perception/cuda/mint_loss_cuda_instances.inc"
