// What is linked when there is no nvcc.
#include "perception/cuda/mint_loss_cuda.h"

#include "perception/cuda/missing.h"

namespace mint::perception::cuda {

template <typename T>
void mint_loss(const MintLossConfig&, const MintLossBatch<T>&, void*, T*, T*, T*, void*) {
  fail_as_missing();
}

}  // namespace mint::perception::cuda

#include "perception/cuda/mint_loss_cuda_instances.inc"
